import { ServiceError } from '../../protocol/errors';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import type { InstanceProfile } from './instance-profile';
import type { ManagedPolicy, PolicyVersion } from './managed-policy';
import type { Role } from './role';

/** Policy documents travel URL-encoded as of RFC 3986. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A role as IAM's answers show it; lists leave tags and boundary out. */
export function roleDetails(role: Role, form: 'full' | 'listed' = 'full') {
  return {
    RoleName: role.name,
    RoleId: role.id,
    Path: role.path,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    ...(form === 'full'
      ? {
          Tags: role.tags.size > 0 ? tagList(role.tags) : undefined,
          PermissionsBoundary:
            role.permissionsBoundary === undefined
              ? undefined
              : {
                  PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
                  PermissionsBoundaryArn: role.permissionsBoundary,
                },
        }
      : {}),
  };
}

/** A managed policy as IAM's answers show it. */
export function policyDetails(policy: ManagedPolicy, attachments: number, boundaries: number) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion.id,
    AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: boundaries,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

/** A version of a managed policy; lists leave the document out. */
export function versionDetails(
  policy: ManagedPolicy,
  version: PolicyVersion,
  form: 'full' | 'listed' = 'listed',
) {
  return {
    VersionId: version.id,
    IsDefaultVersion: policy.isDefault(version.id),
    CreateDate: new Date(version.createdAt),
    ...(form === 'full' ? { Document: encodeDocument(version.document) } : {}),
  };
}

/** An instance profile as IAM's answers show it. */
export function profileDetails(profile: InstanceProfile) {
  return {
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    Path: profile.path,
    CreateDate: new Date(profile.createdAt),
    Roles: profile.role ? [roleDetails(profile.role, 'listed')] : [],
    Tags: profile.tags.size > 0 ? tagList(profile.tags) : undefined,
  };
}

/** Tags in the API's list form. */
export function tagList(tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** A page of a list: 100 items unless `MaxItems` says otherwise, at most 1,000. */
export function listPage<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: { Marker?: string | undefined; MaxItems?: number | undefined },
): { items: T[]; IsTruncated: boolean; Marker: string | undefined } {
  new Constraints('ValidationError').range('maxItems', input.MaxItems, 1, 1000).check();
  const page = pageOf(
    sortedBy(items, keyOf),
    keyOf,
    input.MaxItems ?? 100,
    input.Marker,
    () => new ServiceError('ValidationError', 'Invalid Marker.'),
  );
  return {
    items: page.items,
    IsTruncated: page.nextToken !== undefined,
    Marker: page.nextToken,
  };
}

/**
 * Puts tags from the API's list form into a map.
 *
 * @throws ValidationError for keys and values that are too long, LimitExceeded above 50 tags
 */
export function addTags(
  tags: Map<string, string>,
  added: readonly { Key?: string | undefined; Value?: string | undefined }[],
): void {
  const constraints = new Constraints('ValidationError');
  added.forEach((tag, index) => {
    constraints
      .length(`tags.${index + 1}.member.key`, tag.Key, 1, 128)
      .length(`tags.${index + 1}.member.value`, tag.Value, 0, 256);
  });
  constraints.check();
  const merged = new Set([...tags.keys(), ...added.map((tag) => tag.Key ?? '')]);
  if (merged.size > 50)
    throw new ServiceError(
      'LimitExceededException',
      'The number of tags has reached the maximum limit.',
      { status: 409 },
    );
  for (const tag of added) tags.set(tag.Key ?? '', tag.Value ?? '');
}

/** {@link addTags} into a new record. */
export function newTags(
  given: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
): Record<string, string> {
  const tags = new Map<string, string>();
  addTags(tags, given);
  return Object.fromEntries(tags);
}
