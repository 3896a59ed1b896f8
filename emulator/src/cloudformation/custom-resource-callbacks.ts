import type { Clock } from '../clock/clock';
import { NotImplementedError } from '../protocol/errors';
import type { RandomSource } from '../random/random';
import {
  type CustomResourceEvent,
  CustomResourceFailure,
  type CustomResourceResult,
  type CustomResourceTarget,
} from './custom-resource-provider';
import type { TemplateValue } from './provider';
import { isObject, type TemplateObject } from './values';

/** What custom resources backed by functions need of their surroundings. */
export interface CustomResourceCallbacksOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Runs a function with an event; rejects if the function fails. */
  readonly invokeFunction: (
    functionArn: string,
    event: object,
    target: CustomResourceTarget,
  ) => Promise<void>;
  /** The URL to which a handler puts its answer; whoever serves it calls {@link CustomResourceCallbacks.respond}. */
  readonly responseUrl: (token: string) => Promise<string>;
}

interface OpenRequest {
  readonly event: CustomResourceEvent;
  succeed(result: CustomResourceResult): void;
  fail(reason: Error): void;
}

const defaultTimeoutSeconds = 3600;
const maximumResponseBytes = 4096;

/**
 * Asks the functions behind custom resources, and matches the answers that they put to their
 * `ResponseURL`.
 *
 * A function that fails without an answer fails its resource at once: on AWS that takes the whole
 * service timeout.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export class CustomResourceCallbacks {
  private readonly open = new Map<string, OpenRequest>();

  constructor(private readonly options: CustomResourceCallbacksOptions) {}

  /** An `InvokeCustomResource`: waits until the handler has answered. */
  async invoke(
    event: CustomResourceEvent,
    target: CustomResourceTarget,
  ): Promise<CustomResourceResult> {
    const { clock, invokeFunction, random, responseUrl } = this.options;
    if (!/^arn:aws:lambda:/.test(target.serviceToken)) {
      throw new NotImplementedError(`custom resources behind ${target.serviceToken}`);
    }
    const token = random.stream('cloudformation/response-tokens').hex(32);
    const url = await responseUrl(token);
    const timeout = Number(event.ResourceProperties.ServiceTimeout ?? defaultTimeoutSeconds);
    const answer = new Promise<CustomResourceResult>((succeed, fail) => {
      this.open.set(token, { event, succeed, fail });
    });
    const timer = clock.after(timeout * 1000, `custom resource ${event.LogicalResourceId}`, () => {
      this.close(token)?.fail(
        new Error(
          `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${event.RequestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`,
        ),
      );
    });
    const payload = { ...event, ServiceToken: target.serviceToken, ResponseURL: url };
    invokeFunction(target.serviceToken, payload, target).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.close(token)?.fail(new Error(`The handler failed without a response: ${reason}`));
    });
    try {
      return await clock.park(() => answer);
    } finally {
      timer.cancel();
    }
  }

  /**
   * Takes the body that a handler has put to its `ResponseURL`.
   *
   * @returns false if nobody waits for that token.
   */
  respond(token: string, body: string): boolean {
    const request = this.close(token);
    if (!request) return false;
    try {
      request.succeed(readResponse(body, request.event));
    } catch (error) {
      request.fail(error instanceof Error ? error : new Error(String(error)));
    }
    return true;
  }

  private close(token: string): OpenRequest | undefined {
    const request = this.open.get(token);
    this.open.delete(token);
    return request;
  }
}

/**
 * Reads what a handler has put to its `ResponseURL`.
 *
 * @throws CustomResourceFailure if it says FAILED
 * @throws Error if it is not a response, or too long
 */
export function readResponse(body: string, event: CustomResourceEvent): CustomResourceResult {
  if (Buffer.byteLength(body) > maximumResponseBytes) {
    throw new Error('Response object is too long.');
  }
  const response = parseObject(body);
  const physicalId = response.PhysicalResourceId ?? event.PhysicalResourceId;
  if (response.Status !== 'SUCCESS') {
    throw new CustomResourceFailure(
      `Received response status [FAILED] from custom resource. Message returned: ${response.Reason ?? ''} (RequestId: ${event.RequestId})`,
      physicalId === undefined ? undefined : String(physicalId),
    );
  }
  if (typeof physicalId !== 'string' || physicalId === '') {
    throw new Error('Invalid PhysicalResourceId');
  }
  const data: TemplateValue = response.Data ?? {};
  return {
    physicalResourceId: physicalId,
    data: isObject(data) ? data : {},
    noEcho: response.NoEcho === true || response.NoEcho === 'true',
  };
}

function parseObject(body: string): TemplateObject {
  let value: TemplateValue;
  try {
    value = JSON.parse(body) as TemplateValue;
  } catch {
    throw new Error('Response is not valid JSON');
  }
  if (!isObject(value)) throw new Error('Response is not valid JSON');
  return value;
}
