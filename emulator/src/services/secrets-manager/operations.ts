import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers, InputOf } from '../../protocol/handlers';
import type { RandomSource } from '../../random/random';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { Regional } from '../service';
import { dateOf, describeSecret, listEntry, valueOutput } from './descriptions';
import { invalidParameter, invalidRequest, markedForDeletion, secretNotFound } from './errors';
import { page, passes } from './list-filters';
import { randomPassword } from './random-password';
import { assertPolicyIsJson } from './resource-policy';
import type { Secret, SecretValue } from './secret';
import type { SecretEncryption } from './secret-encryption';
import type { SecretStore } from './secret-store';

type Client = typeof import('@aws-sdk/client-secrets-manager');

/** The operations of Secrets Manager; rotation and replication are not among them. */
export function operations(
  stores: Regional<SecretStore>,
  random: RandomSource,
  encryption: SecretEncryption,
): Handlers<Client> {
  /** The store of an ARN's own account and region, else the caller's. */
  const storeOf = (id: string, context: CallContext) => {
    const [, , , region, account] = id.startsWith('arn:') ? id.split(':') : [];
    return stores.in(account ?? context.account, region ?? context.region);
  };
  const authorized = (id: string, action: string, context: CallContext): Secret => {
    const store = storeOf(id, context);
    context.authorize(`secretsmanager:${action}`, store.arnOf(id));
    return store.get(id);
  };
  const usable = (id: string, action: string, context: CallContext): Secret => {
    const secret = authorized(id, action, context);
    secret.assertUsable();
    return secret;
  };

  const read = (secret: Secret, context: CallContext, versionId?: string, stage?: string) => {
    if (secret.deleted !== undefined) throw markedForDeletion();
    const version = secret.version(versionId, stage);
    encryption.forReading(secret, version.id, context.caller, context);
    secret.touch(version);
    return valueOutput(secret, version);
  };
  /** A version's id is made only when it is written: KMS is asked with that of the request. */
  const mayWrite = (secret: Secret, context: CallContext, token: string | undefined) =>
    encryption.forWriting(secret, token ?? 'RequestToValidateKeyAccess', context.caller, context);

  return {
    CreateSecret(input, context) {
      const store = stores.in(context.account, context.region);
      context.authorize('secretsmanager:CreateSecret', store.arnOf(input.Name));
      acceptOnly('CreateSecret', input, [
        'Name',
        'ClientRequestToken',
        'Description',
        'KmsKeyId',
        'SecretBinary',
        'SecretString',
        'Tags',
      ]);
      checkToken(input.ClientRequestToken);
      const secret = store.create({
        name: input.Name,
        value: secretValue(input),
        versionId: input.ClientRequestToken,
        description: input.Description,
        kmsKeyId: input.KmsKeyId,
        tags: tagsOf(input.Tags),
      });
      const [version] = secret.allVersions();
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
    },

    GetSecretValue(input, context) {
      const secret = authorized(input.SecretId, 'GetSecretValue', context);
      return read(secret, context, input.VersionId, input.VersionStage);
    },

    BatchGetSecretValue(input, context) {
      const { SecretIdList: ids, Filters: filters } = input;
      if ((ids === undefined) === (filters === undefined))
        throw invalidParameter('You must specify either SecretIdList or Filters, but not both.');
      const store = stores.in(context.account, context.region);
      context.authorize('secretsmanager:BatchGetSecretValue', '*');
      const wanted =
        ids ??
        store
          .all()
          .filter((secret) => secret.deleted === undefined && passes(secret, filters))
          .map(({ arn }) => arn);
      const { items, NextToken } = page(wanted, input.NextToken, input.MaxResults ?? 20);
      const values = [];
      const errors = [];
      for (const id of items) {
        try {
          values.push(read(authorized(id, 'GetSecretValue', context), context));
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          errors.push({ SecretId: id, ErrorCode: error.name, Message: error.message });
        }
      }
      return { SecretValues: values, Errors: errors, NextToken };
    },

    PutSecretValue(input, context) {
      const secret = usable(input.SecretId, 'PutSecretValue', context);
      acceptOnly('PutSecretValue', input, [
        'SecretId',
        'ClientRequestToken',
        'SecretBinary',
        'SecretString',
        'VersionStages',
      ]);
      checkToken(input.ClientRequestToken);
      const value = secretValue(input);
      if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
      mayWrite(secret, context, input.ClientRequestToken);
      const version = storeOf(input.SecretId, context).put(
        secret,
        value,
        input.ClientRequestToken,
        input.VersionStages,
      );
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        VersionStages: [...version.stages],
      };
    },

    UpdateSecret(input, context) {
      const secret = usable(input.SecretId, 'UpdateSecret', context);
      acceptOnly('UpdateSecret', input, [
        'SecretId',
        'ClientRequestToken',
        'Description',
        'KmsKeyId',
        'SecretBinary',
        'SecretString',
      ]);
      checkToken(input.ClientRequestToken);
      const value = secretValue(input);
      if (value) mayWrite(secret, context, input.ClientRequestToken);
      const version =
        value && storeOf(input.SecretId, context).put(secret, value, input.ClientRequestToken);
      secret.description = input.Description ?? secret.description;
      secret.kmsKeyId = input.KmsKeyId ?? secret.kmsKeyId;
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
    },

    UpdateSecretVersionStage(input, context) {
      const secret = usable(input.SecretId, 'UpdateSecretVersionStage', context);
      secret.updateStage(input.VersionStage, input.RemoveFromVersionId, input.MoveToVersionId);
      return { ARN: secret.arn, Name: secret.name };
    },

    DescribeSecret(input, context) {
      return describeSecret(authorized(input.SecretId, 'DescribeSecret', context));
    },

    ListSecrets(input, context) {
      context.authorize('secretsmanager:ListSecrets', '*');
      if (input.SortBy !== undefined && input.SortBy !== 'created-date' && input.SortBy !== 'name')
        throw new NotImplementedError(`SortBy ${input.SortBy} of ListSecrets`);
      const secrets = stores
        .in(context.account, context.region)
        .all()
        .filter((secret) => secret.deleted === undefined || input.IncludePlannedDeletion)
        .filter((secret) => passes(secret, input.Filters));
      if (input.SortBy !== 'name') secrets.sort((a, b) => b.created - a.created);
      if (input.SortOrder === 'asc' && input.SortBy !== 'name') secrets.reverse();
      if (input.SortOrder === 'desc' && input.SortBy === 'name') secrets.reverse();
      const { items, NextToken } = page(secrets, input.NextToken, input.MaxResults);
      return { SecretList: items.map(listEntry), NextToken };
    },

    ListSecretVersionIds(input, context) {
      const secret = authorized(input.SecretId, 'ListSecretVersionIds', context);
      const versions = secret
        .allVersions()
        .filter(({ stages }) => stages.size > 0 || input.IncludeDeprecated);
      const { items, NextToken } = page(versions, input.NextToken, input.MaxResults);
      return {
        ARN: secret.arn,
        Name: secret.name,
        NextToken,
        Versions: items.map((version) => ({
          VersionId: version.id,
          VersionStages: [...version.stages],
          CreatedDate: new Date(version.created),
          LastAccessedDate: dateOf(version.lastAccessed),
          KmsKeyIds: [secret.kmsKeyId ?? 'DefaultEncryptionKey'],
        })),
      };
    },

    DeleteSecret(input, context) {
      const store = storeOf(input.SecretId, context);
      context.authorize('secretsmanager:DeleteSecret', store.arnOf(input.SecretId));
      const force = input.ForceDeleteWithoutRecovery ?? false;
      if (force && input.RecoveryWindowInDays !== undefined)
        throw invalidParameter(
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        );
      const secret = store.find(input.SecretId);
      if (!secret) {
        if (!force) throw secretNotFound();
        // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html: no error.
        return {
          ARN: store.arnOf(input.SecretId),
          Name: input.SecretId,
          DeletionDate: new Date(store.now()),
        };
      }
      const due = store.delete(
        secret,
        force ? 'at once' : { days: input.RecoveryWindowInDays ?? 30 },
      );
      return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(due) };
    },

    RestoreSecret(input, context) {
      const secret = authorized(input.SecretId, 'RestoreSecret', context);
      secret.restore();
      return { ARN: secret.arn, Name: secret.name };
    },

    TagResource(input, context) {
      const secret = usable(input.SecretId, 'TagResource', context);
      for (const [key, value] of Object.entries(tagsOf(input.Tags))) secret.tags.set(key, value);
      return {};
    },

    UntagResource(input, context) {
      const secret = usable(input.SecretId, 'UntagResource', context);
      for (const key of input.TagKeys) secret.tags.delete(key);
      return {};
    },

    GetRandomPassword(input, context) {
      context.authorize('secretsmanager:GetRandomPassword', '*');
      const stream = random.stream(
        `secretsmanager/${context.account}/${context.region}#random-password`,
      );
      return { RandomPassword: randomPassword(stream, input) };
    },

    PutResourcePolicy(input, context) {
      const secret = usable(input.SecretId, 'PutResourcePolicy', context);
      if (input.BlockPublicPolicy) throw new NotImplementedError('BlockPublicPolicy');
      assertPolicyIsJson(input.ResourcePolicy);
      secret.resourcePolicy = input.ResourcePolicy;
      return { ARN: secret.arn, Name: secret.name };
    },

    GetResourcePolicy(input, context) {
      const secret = authorized(input.SecretId, 'GetResourcePolicy', context);
      return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.resourcePolicy };
    },

    DeleteResourcePolicy(input, context) {
      const secret = usable(input.SecretId, 'DeleteResourcePolicy', context);
      secret.resourcePolicy = undefined;
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}

/** It becomes the version's id. */
function checkToken(token: string | undefined): void {
  new Constraints('ValidationException').length('clientRequestToken', token, 32, 64).check();
}

function secretValue({
  SecretString: text,
  SecretBinary: binary,
}: Pick<InputOf<Client, 'PutSecretValue'>, 'SecretString' | 'SecretBinary'>):
  | SecretValue
  | undefined {
  if (text !== undefined && binary !== undefined)
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  if (text !== undefined) return { text };
  return binary && { binary };
}

function tagsOf(
  tags: readonly { readonly Key?: string; readonly Value?: string }[] = [],
): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
