import type { CallContext, Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf } from '../../page';
import { invalid, notFound } from '../errors';
import { functionArn, parseFunctionName } from '../function-arn';
import { constraint } from '../function-settings';
import type { LambdaRegion } from '../lambda-region';
import { describeVersion, type LambdaApi } from './descriptions';
import { changesOf, creationOf, sourceOf } from './function-input';

/** Finds the region that a call is addressed to. */
export type RegionOf = (place: Pick<CallContext, 'account' | 'region'>) => LambdaRegion;

const largestPage = 50;

/** Creating, changing, showing and deleting functions. */
export function functionOperations(regionOf: RegionOf) {
  return {
    async CreateFunction(input, ctx) {
      ctx.authorize('lambda:CreateFunction', arnOf(ctx, input.FunctionName));
      acceptOnly('CreateFunction', input.Code, [
        'ZipFile',
        'S3Bucket',
        'S3Key',
        'S3ObjectVersion',
        'ImageUri',
      ]);
      const region = regionOf(ctx);
      const { functions } = region;
      const giver = { caller: ctx.caller, call: ctx };
      region.checkRole(input.Role, nameOf(input.FunctionName), giver);
      const settings = creationOf(input);
      region.fileSystems.check(settings, undefined, giver);
      const fn = await functions.create(
        input.FunctionName,
        settings,
        sourceOf(input.Code),
        input.Tags ?? {},
      );
      return describeVersion(input.Publish ? functions.publish(fn) : fn.latest);
    },

    async UpdateFunctionCode(input, ctx) {
      ctx.authorize('lambda:UpdateFunctionCode', arnOf(ctx, input.FunctionName));
      acceptOnly('UpdateFunctionCode', input, [
        'FunctionName',
        'ZipFile',
        'S3Bucket',
        'S3Key',
        'S3ObjectVersion',
        'ImageUri',
        'Publish',
        'RevisionId',
      ]);
      const { functions } = regionOf(ctx);
      const { fn } = functions.get(input.FunctionName);
      await functions.updateCode(fn, sourceOf(input), input.RevisionId);
      return describeVersion(input.Publish ? functions.publish(fn) : fn.latest);
    },

    async UpdateFunctionConfiguration(input, ctx) {
      ctx.authorize('lambda:UpdateFunctionConfiguration', arnOf(ctx, input.FunctionName));
      const region = regionOf(ctx);
      const { functions } = region;
      const { fn } = functions.get(input.FunctionName);
      const giver = { caller: ctx.caller, call: ctx };
      region.checkRole(input.Role, fn.name, giver);
      const changes = changesOf(input);
      region.fileSystems.check(changes, fn.latest.settings, giver);
      await functions.updateSettings(fn, changes, input.RevisionId);
      return describeVersion(fn.latest);
    },

    GetFunction(input, ctx) {
      ctx.authorize('lambda:GetFunction', arnOf(ctx, input.FunctionName));
      const region = regionOf(ctx);
      const { fn, qualifier } = region.functions.get(input.FunctionName, input.Qualifier);
      const version = region.functions.version(input.FunctionName, input.Qualifier);
      const reserved = region.concurrency.reservation(fn.name);
      return {
        Configuration: describeVersion(version, qualifier),
        // AWS gives a presigned URL here; the folder serves the same purpose on one machine.
        Code: { RepositoryType: 'S3', Location: `file://${version.code.directory}` },
        ...(fn.tags.size > 0 && { Tags: Object.fromEntries(fn.tags) }),
        ...(reserved !== undefined && { Concurrency: { ReservedConcurrentExecutions: reserved } }),
      };
    },

    GetFunctionConfiguration(input, ctx) {
      ctx.authorize('lambda:GetFunctionConfiguration', arnOf(ctx, input.FunctionName));
      const { functions } = regionOf(ctx);
      const { qualifier } = functions.get(input.FunctionName, input.Qualifier);
      return describeVersion(functions.version(input.FunctionName, input.Qualifier), qualifier);
    },

    ListFunctions(input, ctx) {
      ctx.authorize('lambda:ListFunctions', '*');
      acceptOnly('ListFunctions', input, ['FunctionVersion', 'Marker', 'MaxItems']);
      const functions = regionOf(ctx).functions.list();
      const versions = functions.flatMap((fn) =>
        input.FunctionVersion === 'ALL' ? [fn.latest, ...fn.versions.values()] : [fn.latest],
      );
      const page = pageOf(
        versions,
        (version) => `${version.functionName}:${version.version.padStart(10, '0')}`,
        Math.min(input.MaxItems ?? largestPage, largestPage),
        input.Marker,
        invalidMarker,
      );
      return {
        Functions: page.items.map((version) => describeVersion(version)),
        NextMarker: page.nextToken,
      };
    },

    async DeleteFunction(input, ctx) {
      ctx.authorize('lambda:DeleteFunction', arnOf(ctx, input.FunctionName));
      const { functions } = regionOf(ctx);
      const { fn, qualifier } = functions.get(input.FunctionName, input.Qualifier);
      if (qualifier === undefined) await functions.delete(fn);
      else await functions.deleteVersion(fn, qualifier);
      return {};
    },

    PutFunctionConcurrency(input, ctx) {
      ctx.authorize('lambda:PutFunctionConcurrency', arnOf(ctx, input.FunctionName));
      const { functions, concurrency } = regionOf(ctx);
      const { fn } = functions.get(input.FunctionName);
      if (input.ReservedConcurrentExecutions < 0)
        throw constraint(
          input.ReservedConcurrentExecutions,
          'reservedConcurrentExecutions',
          'Member must have value greater than or equal to 0',
        );
      concurrency.reserve(fn.name, input.ReservedConcurrentExecutions);
      return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
    },

    GetFunctionConcurrency(input, ctx) {
      ctx.authorize('lambda:GetFunctionConcurrency', arnOf(ctx, input.FunctionName));
      const { functions, concurrency } = regionOf(ctx);
      const { fn } = functions.get(input.FunctionName);
      return { ReservedConcurrentExecutions: concurrency.reservation(fn.name) };
    },

    DeleteFunctionConcurrency(input, ctx) {
      ctx.authorize('lambda:DeleteFunctionConcurrency', arnOf(ctx, input.FunctionName));
      const { functions, concurrency } = regionOf(ctx);
      concurrency.unreserve(functions.get(input.FunctionName).fn.name);
      return {};
    },

    GetAccountSettings(_input, ctx) {
      ctx.authorize('lambda:GetAccountSettings', '*');
      const { functions, concurrency } = regionOf(ctx);
      const { total, unreserved } = concurrency.limits;
      const all = functions.list();
      return {
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
          ConcurrentExecutions: total,
          UnreservedConcurrentExecutions: unreserved,
        },
        AccountUsage: {
          FunctionCount: all.length,
          TotalCodeSize: all.reduce((sum, fn) => sum + fn.latest.code.size, 0),
        },
      };
    },

    ListTags(input, ctx) {
      ctx.authorize('lambda:ListTags', input.Resource);
      return { Tags: Object.fromEntries(tagsOf(regionOf(ctx), input.Resource)) };
    },

    TagResource(input, ctx) {
      ctx.authorize('lambda:TagResource', input.Resource);
      const tags = tagsOf(regionOf(ctx), input.Resource);
      for (const [key, value] of Object.entries(input.Tags)) tags.set(key, value);
      if (tags.size > 50) throw invalid('The number of tags exceeds the limit of 50.');
      return {};
    },

    UntagResource(input, ctx) {
      ctx.authorize('lambda:UntagResource', input.Resource);
      const tags = tagsOf(regionOf(ctx), input.Resource);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },
  } satisfies Handlers<LambdaApi>;
}

/** The ARN by which a caller's rights are asked for, whatever form of name was given. */
export function arnOf(ctx: CallContext, text: string, given?: string): string {
  const { account, name, qualifier, region } = parseFunctionName(text, given);
  return functionArn(account ?? ctx.account, region ?? ctx.region, name, qualifier);
}

function nameOf(text: string): string {
  return parseFunctionName(text).name;
}

/** The answer to a marker that was never given out. */
export function invalidMarker(): Error {
  return invalid('Invalid Marker.');
}

function tagsOf(region: LambdaRegion, arn: string): Map<string, string> {
  if (!arn.startsWith('arn:')) throw invalid(`Value '${arn}' at 'resource' is not an ARN`);
  const mapping = region.mappings.list().find((candidate) => candidate.arn === arn);
  if (mapping) return mapping.tags;
  const { fn, qualifier } = region.functions.get(arn);
  if (qualifier !== undefined)
    throw notFound(
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    );
  return fn.tags;
}
