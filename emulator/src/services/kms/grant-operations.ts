import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { ServiceEnvironment } from '../service';
import type { Cryptography } from './cryptography';
import type { Grant, KmsKey } from './key';
import type { KeyStore } from './key-store';
import { listPage } from './responses';

type Kms = typeof import('@aws-sdk/client-kms');

/** Operations on grants, which are stored with their key. */
export function grantOperations(
  env: ServiceEnvironment,
  storeOf: (context: CallContext) => KeyStore,
  cryptography: Cryptography,
): Handlers<Kms> {
  function find(context: CallContext, keyId: string): KmsKey {
    const key = cryptography.find(keyId, context);
    context.authorize(`kms:${context.operation}`, key.arn);
    return key;
  }

  return {
    CreateGrant(input, context) {
      acceptOnly('kms.CreateGrant', input, [
        'KeyId',
        'GranteePrincipal',
        'RetiringPrincipal',
        'Operations',
        'Constraints',
        'GrantTokens',
        'Name',
      ]);
      const key = find(context, input.KeyId);
      key.requireEnabled();
      if (input.GranteePrincipal === undefined)
        throw new ServiceError('ValidationException', 'GranteePrincipal is required.');
      const random = env.random.stream(`kms/${key.arn}/grants`);
      const grant: Grant = {
        id: random.hex(64),
        token: random.hex(128),
        name: input.Name,
        granteePrincipal: input.GranteePrincipal,
        retiringPrincipal: input.RetiringPrincipal,
        operations: input.Operations,
        constraints: input.Constraints,
        createdAt: env.clock.now(),
        issuingAccount: `arn:aws:iam::${context.account}:root`,
      };
      const same = [...key.grants.values()].find((other) => isRetry(other, grant));
      if (same) return { GrantId: same.id, GrantToken: same.token };
      key.grants.set(grant.id, grant);
      return { GrantId: grant.id, GrantToken: grant.token };
    },

    ListGrants(input, context) {
      const key = find(context, input.KeyId);
      acceptOnly('kms.ListGrants', input, [
        'KeyId',
        'GrantId',
        'GranteePrincipal',
        'Limit',
        'Marker',
      ]);
      const grants = [...key.grants.values()].filter(
        (grant) =>
          (input.GrantId === undefined || grant.id === input.GrantId) &&
          (input.GranteePrincipal === undefined ||
            grant.granteePrincipal === input.GranteePrincipal),
      );
      return grantPage(
        grants.map((grant) => [key, grant] as const),
        input,
      );
    },

    ListRetirableGrants(input, context) {
      context.authorize('kms:ListRetirableGrants', '*');
      acceptOnly('kms.ListRetirableGrants', input, ['RetiringPrincipal', 'Limit', 'Marker']);
      const grants = [...storeOf(context).keys.values()].flatMap((key) =>
        [...key.grants.values()]
          .filter((grant) => grant.retiringPrincipal === input.RetiringPrincipal)
          .map((grant) => [key, grant] as const),
      );
      return grantPage(grants, input);
    },

    RevokeGrant(input, context) {
      const key = find(context, input.KeyId);
      acceptOnly('kms.RevokeGrant', input, ['KeyId', 'GrantId']);
      if (!key.grants.delete(input.GrantId)) throw grantNotFound(input.GrantId);
      return {};
    },

    RetireGrant(input, context) {
      acceptOnly('kms.RetireGrant', input, ['KeyId', 'GrantId', 'GrantToken']);
      const { GrantToken: token, KeyId: keyId, GrantId: id } = input;
      if ((token === undefined) === (keyId === undefined || id === undefined))
        throw new ServiceError(
          'ValidationException',
          'Specify either a grant token, or a key ARN and a grant ID.',
        );
      const keys =
        keyId === undefined
          ? [...storeOf(context).keys.values()]
          : [cryptography.find(keyId, context)];
      for (const key of keys) {
        const grant = [...key.grants.values()].find(
          (candidate) => candidate.token === token || candidate.id === id,
        );
        if (!grant) continue;
        context.authorize('kms:RetireGrant', key.arn);
        key.grants.delete(grant.id);
        return {};
      }
      if (token !== undefined)
        throw new ServiceError('InvalidGrantTokenException', 'The grant token is not valid.');
      throw grantNotFound(id ?? '');
    },
  };
}

/** A named grant that is created again in the same way stays one grant: CreateGrant is idempotent then. */
function isRetry(existing: Grant, grant: Grant): boolean {
  const essence = ({ name, granteePrincipal, retiringPrincipal, operations, constraints }: Grant) =>
    JSON.stringify([name, granteePrincipal, retiringPrincipal, operations, constraints]);
  return grant.name !== undefined && essence(existing) === essence(grant);
}

function grantPage(
  grants: readonly (readonly [KmsKey, Grant])[],
  input: { Limit?: number | undefined; Marker?: string | undefined },
) {
  const { items, ...rest } = listPage(grants, ([, grant]) => grant.id, input, 50);
  return {
    Grants: items.map(([key, grant]) => ({
      KeyId: key.arn,
      GrantId: grant.id,
      Name: grant.name,
      CreationDate: new Date(grant.createdAt),
      GranteePrincipal: grant.granteePrincipal,
      RetiringPrincipal: grant.retiringPrincipal,
      IssuingAccount: grant.issuingAccount,
      Operations: grant.operations as GrantOperations,
      Constraints: grant.constraints,
    })),
    ...rest,
  };
}

type GrantOperations = NonNullable<import('@aws-sdk/client-kms').GrantListEntry['Operations']>;

function grantNotFound(id: string): ServiceError {
  return new ServiceError('NotFoundException', `Grant ID ${id} not found`);
}
