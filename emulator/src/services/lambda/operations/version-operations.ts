import type { Handlers, InputOf } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf } from '../../page';
import { conflict, invalid, notFound, revisionMismatch } from '../errors';
import type { FunctionAlias, LambdaFunction } from '../function';
import { describeAlias, describeVersion, type LambdaApi } from './descriptions';
import { arnOf, invalidMarker, type RegionOf } from './function-operations';

const largestPage = 50;

/** Published versions and the aliases that name them. */
export function versionOperations(regionOf: RegionOf) {
  return {
    PublishVersion(input, ctx) {
      ctx.authorize('lambda:PublishVersion', arnOf(ctx, input.FunctionName));
      acceptOnly('PublishVersion', input, [
        'FunctionName',
        'CodeSha256',
        'Description',
        'RevisionId',
      ]);
      const { functions } = regionOf(ctx);
      const { fn } = functions.get(input.FunctionName);
      if (input.RevisionId !== undefined && input.RevisionId !== fn.latest.revisionId)
        throw revisionMismatch();
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== fn.latest.code.sha256)
        throw invalid(
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${fn.latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      return describeVersion(functions.publish(fn, input.Description));
    },

    ListVersionsByFunction(input, ctx) {
      ctx.authorize('lambda:ListVersionsByFunction', arnOf(ctx, input.FunctionName));
      const { fn } = regionOf(ctx).functions.get(input.FunctionName);
      const page = pageOf(
        [fn.latest, ...fn.versions.values()],
        ({ version }) => version.padStart(10, '0'),
        Math.min(input.MaxItems ?? largestPage, largestPage),
        input.Marker,
        invalidMarker,
      );
      return {
        Versions: page.items.map((version) => describeVersion(version, version.version)),
        NextMarker: page.nextToken,
      };
    },

    CreateAlias(input, ctx) {
      ctx.authorize('lambda:CreateAlias', arnOf(ctx, input.FunctionName));
      const { functions } = regionOf(ctx);
      const { fn } = functions.get(input.FunctionName);
      if (fn.aliases.has(input.Name))
        throw conflict(`Alias already exists: ${fn.arn}:${input.Name}`);
      const alias = aliasOf(fn, input, functions.revision(fn.name));
      fn.aliases.set(alias.name, alias);
      return describeAlias(fn, alias);
    },

    UpdateAlias(input, ctx) {
      ctx.authorize('lambda:UpdateAlias', arnOf(ctx, input.FunctionName));
      const { functions } = regionOf(ctx);
      const { fn } = functions.get(input.FunctionName);
      const before = existingAlias(fn, input.Name);
      if (input.RevisionId !== undefined && input.RevisionId !== before.revisionId)
        throw revisionMismatch();
      const weights = before.additional && {
        AdditionalVersionWeights: { [before.additional.version]: before.additional.weight },
      };
      const alias = aliasOf(
        fn,
        {
          Name: before.name,
          FunctionVersion: input.FunctionVersion ?? before.functionVersion,
          Description: input.Description ?? before.description,
          RoutingConfig: input.RoutingConfig ?? weights,
        },
        functions.revision(fn.name),
      );
      fn.aliases.set(alias.name, alias);
      return describeAlias(fn, alias);
    },

    GetAlias(input, ctx) {
      ctx.authorize('lambda:GetAlias', arnOf(ctx, input.FunctionName));
      const { fn } = regionOf(ctx).functions.get(input.FunctionName);
      return describeAlias(fn, existingAlias(fn, input.Name));
    },

    ListAliases(input, ctx) {
      ctx.authorize('lambda:ListAliases', arnOf(ctx, input.FunctionName));
      const { fn } = regionOf(ctx).functions.get(input.FunctionName);
      const aliases = [...fn.aliases.values()].filter(
        (alias) =>
          input.FunctionVersion === undefined || alias.functionVersion === input.FunctionVersion,
      );
      const page = pageOf(
        aliases.sort((a, b) => (a.name < b.name ? -1 : 1)),
        ({ name }) => name,
        Math.min(input.MaxItems ?? largestPage, largestPage),
        input.Marker,
        invalidMarker,
      );
      return {
        Aliases: page.items.map((alias) => describeAlias(fn, alias)),
        NextMarker: page.nextToken,
      };
    },

    DeleteAlias(input, ctx) {
      ctx.authorize('lambda:DeleteAlias', arnOf(ctx, input.FunctionName));
      const { fn } = regionOf(ctx).functions.get(input.FunctionName);
      fn.aliases.delete(input.Name);
      fn.policies.delete(input.Name);
      fn.eventInvoke.delete(input.Name);
      return {};
    },
  } satisfies Handlers<LambdaApi>;
}

type AliasInput = Pick<
  InputOf<LambdaApi, 'CreateAlias'>,
  'Name' | 'FunctionVersion' | 'Description' | 'RoutingConfig'
>;

/** @throws ServiceError if the alias would point to a version that is not there, or route what cannot be routed */
function aliasOf(fn: LambdaFunction, input: AliasInput, revisionId: string): FunctionAlias {
  const [[version, weight] = [], ...more] = Object.entries(
    input.RoutingConfig?.AdditionalVersionWeights ?? {},
  );
  if (more.length > 0)
    throw invalid('Number of items in AdditionalVersionWeights cannot be greater than 1');
  for (const name of [input.FunctionVersion, version])
    if (name !== undefined && name !== '$LATEST' && !fn.versions.has(name))
      throw notFound(`Function not found: ${fn.arn}:${name}`);
  if (version !== undefined && (version === '$LATEST' || input.FunctionVersion === '$LATEST'))
    throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
  if (weight !== undefined && !(weight >= 0 && weight <= 1))
    throw invalid('Weights in AdditionalVersionWeights must be between 0 and 1');
  return {
    name: input.Name,
    functionVersion: input.FunctionVersion,
    description: input.Description ?? '',
    additional: version !== undefined && weight !== undefined ? { version, weight } : undefined,
    revisionId,
  };
}

function existingAlias(fn: LambdaFunction, name: string): FunctionAlias {
  const alias = fn.aliases.get(name);
  if (!alias) throw notFound(`Cannot find alias arn: ${fn.arn}:${name}`);
  return alias;
}
