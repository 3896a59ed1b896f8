import { reportedError, runtimeError } from './errors';
import type { Handler } from './handler';
import type { InvokeMessage, ReportedError, WorkerStart } from './messages';

/** What came of a handler. */
export interface Outcome {
  /** JSON; undefined on error. */
  readonly payload?: string;
  readonly error?: ReportedError;
}

/** Calls a handler with an event and the context that Lambda gives, and turns what comes of it into JSON. */
export async function runHandler(
  handler: Handler,
  message: InvokeMessage,
  start: WorkerStart,
  now: () => number,
): Promise<Outcome> {
  try {
    const value = await callHandler(handler, message, start, now);
    return { payload: JSON.stringify(value) ?? 'null' };
  } catch (thrown) {
    if (thrown instanceof TypeError && /circular|BigInt/.test(thrown.message))
      return { error: runtimeError('Runtime.MarshalError', thrown) };
    return { error: reportedError(thrown) };
  }
}

/**
 * A handler answers by its promise or, up to Node.js 22, by its callback.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
function callHandler(
  handler: Handler,
  message: InvokeMessage,
  start: WorkerStart,
  now: () => number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result?: unknown): void => {
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    };
    const event: unknown = JSON.parse(message.payload);
    const context = {
      ...contextOf(message, start, now),
      ...(start.callbacks && {
        done: callback,
        succeed: (result: unknown) => callback(null, result),
        fail: (error: unknown) => callback(error ?? 'handled'),
      }),
    };
    const returned = handler(event, context, callback);
    if (isThenable(returned)) returned.then(resolve, reject);
    else if (!start.callbacks || (handler.length < 3 && returned !== undefined)) resolve(returned);
    // Otherwise it answers by callback or context, or never: then it times out.
  });
}

function contextOf(message: InvokeMessage, start: WorkerStart, now: () => number) {
  const deadline = now() + message.timeout;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: start.functionName,
    functionVersion: start.functionVersion,
    invokedFunctionArn: message.functionArn,
    memoryLimitInMB: String(start.memorySize),
    awsRequestId: message.requestId,
    logGroupName: start.logGroup,
    logStreamName: start.logStream,
    ...(message.clientContext !== undefined && {
      clientContext: JSON.parse(message.clientContext) as unknown,
    }),
    getRemainingTimeInMillis: () => Math.max(0, deadline - now()),
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
