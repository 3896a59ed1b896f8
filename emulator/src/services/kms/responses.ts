import { ServiceError } from '../../protocol/errors';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import type { KmsKey } from './key';

/** A key as KMS's answers show it. */
export function keyMetadata(key: KmsKey) {
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT' as const,
    KeyState: key.state,
    DeletionDate: key.deletionDate === undefined ? undefined : new Date(key.deletionDate),
    Origin: 'AWS_KMS' as const,
    KeyManager: key.settings.manager,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' as const,
    KeySpec: 'SYMMETRIC_DEFAULT' as const,
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT' as const],
    MultiRegion: false,
  };
}

/** Tags in the API's list form. */
export function tagList(tags: ReadonlyMap<string, string>): { TagKey: string; TagValue: string }[] {
  return [...tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

/** @throws TagException for a key or value that is too long or reserved */
export function checkTags(
  tags: readonly { TagKey: string; TagValue: string }[],
): Record<string, string> {
  for (const { TagKey: key, TagValue: value } of tags) {
    if (key.length < 1 || key.length > 128 || value.length > 256)
      throw new ServiceError('TagException', `The tag ${key} is not valid.`);
    if (/^aws:/i.test(key))
      throw new ServiceError('TagException', 'Tags beginning with aws: are reserved for AWS use.');
  }
  return Object.fromEntries(tags.map((tag) => [tag.TagKey, tag.TagValue]));
}

/** A page of a list: at most 1,000 items. */
export function listPage<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: { Marker?: string | undefined; Limit?: number | undefined },
  defaultLimit: number,
): { items: T[]; Truncated: boolean; NextMarker: string | undefined } {
  new Constraints('ValidationException').range('limit', input.Limit, 1, 1000).check();
  const page = pageOf(
    sortedBy(items, keyOf),
    keyOf,
    input.Limit ?? defaultLimit,
    input.Marker,
    () => new ServiceError('InvalidMarkerException', 'The marker is not valid.'),
  );
  return {
    items: page.items,
    Truncated: page.nextToken !== undefined,
    NextMarker: page.nextToken,
  };
}
