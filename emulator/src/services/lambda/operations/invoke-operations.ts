import { ServiceError } from '../../../protocol/errors';
import type { CallContext, Handlers, InputOf } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { notFound } from '../errors';
import type { FunctionVersion } from '../function';
import { parseFunctionName } from '../function-arn';
import { constraint, oneOf } from '../function-settings';
import { type InvocationResult, refuseRecorded } from '../invoker';
import { describeEventInvoke, type LambdaApi } from './descriptions';
import { arnOf, type RegionOf } from './function-operations';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const synchronousLimit = 6_291_456;
const asynchronousLimit = 1_048_576;

type EventInvokeInput = InputOf<LambdaApi, 'PutFunctionEventInvokeConfig'>;

/** Running functions. */
export function invokeOperations(regionOf: RegionOf, now: () => number) {
  const putEventInvoke = (input: EventInvokeInput, ctx: CallContext, keep: boolean) => {
    acceptOnly('PutFunctionEventInvokeConfig', input, [
      'FunctionName',
      'Qualifier',
      'MaximumRetryAttempts',
      'MaximumEventAgeInSeconds',
    ]);
    const { fn, qualifier = '$LATEST' } = regionOf(ctx).functions.get(
      input.FunctionName,
      input.Qualifier,
    );
    const before = keep ? fn.eventInvoke.get(qualifier) : undefined;
    if (keep && !before) throw noEventInvoke(`${fn.arn}:${qualifier}`);
    range('maximumRetryAttempts', input.MaximumRetryAttempts, 0, 2);
    range('maximumEventAgeInSeconds', input.MaximumEventAgeInSeconds, 60, 21_600);
    const settings = {
      maximumRetryAttempts: input.MaximumRetryAttempts ?? before?.maximumRetryAttempts,
      maximumEventAge: input.MaximumEventAgeInSeconds ?? before?.maximumEventAge,
      lastModified: now(),
    };
    fn.eventInvoke.set(qualifier, settings);
    return describeEventInvoke(fn, qualifier, settings);
  };

  return {
    async Invoke(input, ctx) {
      ctx.authorize('lambda:InvokeFunction', arnOf(ctx, input.FunctionName, input.Qualifier));
      acceptOnly('Invoke', input, [
        'FunctionName',
        'Qualifier',
        'InvocationType',
        'LogType',
        'ClientContext',
        'Payload',
      ]);
      oneOf('invocationType', input.InvocationType, ['Event', 'RequestResponse', 'DryRun']);
      oneOf('logType', input.LogType, ['None', 'Tail']);
      // A function of another account is named by its ARN.
      const { account = ctx.account } = parseFunctionName(input.FunctionName);
      const region = regionOf({ account, region: ctx.region });
      const { fn, qualifier } = region.functions.get(input.FunctionName, input.Qualifier);
      const version = region.functions.version(input.FunctionName, input.Qualifier);
      refuseRecorded(version);
      const payload = payloadOf(input.Payload, input.InvocationType);
      const clientContext = clientContextOf(input.ClientContext);
      if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
      if (input.InvocationType === 'Event') {
        region.events.queue({
          functionName: version.functionName,
          qualifier,
          requestId: ctx.requestId,
          payload,
          clientContext,
        });
        return { StatusCode: 202 };
      }
      const invokedArn = qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`;
      const { requestId } = ctx;
      const result = await invokeParked(ctx, () =>
        region.invoker.invoke(version, { requestId, payload, invokedArn, clientContext }),
      );
      if (result.refusal) throw result.refusal;
      return answer(result, version, input.LogType);
    },

    PutFunctionEventInvokeConfig(input, ctx) {
      ctx.authorize('lambda:PutFunctionEventInvokeConfig', arnOf(ctx, input.FunctionName));
      return putEventInvoke(input, ctx, false);
    },

    UpdateFunctionEventInvokeConfig(input, ctx) {
      ctx.authorize('lambda:UpdateFunctionEventInvokeConfig', arnOf(ctx, input.FunctionName));
      return putEventInvoke(input, ctx, true);
    },

    GetFunctionEventInvokeConfig(input, ctx) {
      ctx.authorize('lambda:GetFunctionEventInvokeConfig', arnOf(ctx, input.FunctionName));
      const { fn, qualifier = '$LATEST' } = regionOf(ctx).functions.get(
        input.FunctionName,
        input.Qualifier,
      );
      const settings = fn.eventInvoke.get(qualifier);
      if (!settings) throw noEventInvoke(`${fn.arn}:${qualifier}`);
      return describeEventInvoke(fn, qualifier, settings);
    },

    ListFunctionEventInvokeConfigs(input, ctx) {
      ctx.authorize('lambda:ListFunctionEventInvokeConfigs', arnOf(ctx, input.FunctionName));
      acceptOnly('ListFunctionEventInvokeConfigs', input, ['FunctionName']);
      const { fn } = regionOf(ctx).functions.get(input.FunctionName);
      return {
        FunctionEventInvokeConfigs: [...fn.eventInvoke].map(([qualifier, settings]) =>
          describeEventInvoke(fn, qualifier, settings),
        ),
      };
    },

    DeleteFunctionEventInvokeConfig(input, ctx) {
      ctx.authorize('lambda:DeleteFunctionEventInvokeConfig', arnOf(ctx, input.FunctionName));
      const { fn, qualifier = '$LATEST' } = regionOf(ctx).functions.get(
        input.FunctionName,
        input.Qualifier,
      );
      if (!fn.eventInvoke.delete(qualifier)) throw noEventInvoke(`${fn.arn}:${qualifier}`);
      return {};
    },
  } satisfies Handlers<LambdaApi>;
}

/** The clock may move while the function waits for it: the call is no work in hand meanwhile. */
async function invokeParked(
  ctx: CallContext,
  invoke: () => Promise<InvocationResult>,
): Promise<InvocationResult> {
  const settled = await ctx.park<{ result: InvocationResult } | { error: unknown }>((wake) => {
    invoke().then(
      (result) => wake({ result }),
      (error: unknown) => wake({ error }),
    );
  });
  if ('error' in settled) throw settled.error;
  return settled.result;
}

function answer(result: InvocationResult, version: FunctionVersion, logType: string | undefined) {
  return {
    StatusCode: 200,
    Payload: Buffer.from(result.payload),
    ExecutedVersion: version.version,
    FunctionError: result.functionError,
    ...(logType === 'Tail' && { LogResult: Buffer.from(result.logTail).toString('base64') }),
  };
}

function payloadOf(bytes: Uint8Array | undefined, type: string | undefined): string {
  const limit = type === 'Event' ? asynchronousLimit : synchronousLimit;
  if (bytes && bytes.length > limit)
    throw new ServiceError(
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      { status: 413, members: { Type: 'User' } },
    );
  const text = bytes && bytes.length > 0 ? Buffer.from(bytes).toString('utf8') : '{}';
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ServiceError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${error instanceof Error ? error.message : error}`,
      { members: { Type: 'User' } },
    );
  }
  return text;
}

/** JSON, out of the text that the caller has encoded. */
function clientContextOf(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    throw new ServiceError(
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
      { members: { Type: 'User' } },
    );
  }
  return text;
}

function noEventInvoke(arn: string) {
  return notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
}

function range(member: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined) return;
  if (value < min)
    throw constraint(value, member, `Member must have value greater than or equal to ${min}`);
  if (value > max)
    throw constraint(value, member, `Member must have value less than or equal to ${max}`);
}
