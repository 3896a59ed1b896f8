import type { OutputOf } from '../../protocol/handlers';
import type { Secret, SecretVersion } from './secret';

type Client = typeof import('@aws-sdk/client-secrets-manager');

/** A version as GetSecretValue returns it. */
export function valueOutput(
  secret: Secret,
  version: SecretVersion,
): OutputOf<Client, 'GetSecretValue'> {
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.created),
    ...('text' in version.value
      ? { SecretString: version.value.text }
      : { SecretBinary: version.value.binary }),
  };
}

/** A secret as DescribeSecret returns it. */
export function describeSecret(secret: Secret): OutputOf<Client, 'DescribeSecret'> {
  return { ...commonMembers(secret), VersionIdsToStages: stagesByVersion(secret) };
}

/** A secret as ListSecrets returns it. */
export function listEntry(secret: Secret) {
  return { ...commonMembers(secret), SecretVersionsToStages: stagesByVersion(secret) };
}

function commonMembers(secret: Secret) {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    OwningService: secret.owningService,
    CreatedDate: new Date(secret.created),
    LastChangedDate: new Date(secret.lastChanged),
    LastAccessedDate: dateOf(secret.lastAccessed),
    DeletedDate: dateOf(secret.deleted),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Versions without a label are left out, as by AWS. */
function stagesByVersion(secret: Secret): Record<string, string[]> {
  return Object.fromEntries(
    secret
      .allVersions()
      .filter(({ stages }) => stages.size > 0)
      .map(({ id, stages }) => [id, [...stages]]),
  );
}

/** A time of the clock as the wire wants it. */
export function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
