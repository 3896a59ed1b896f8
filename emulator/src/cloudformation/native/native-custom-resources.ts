import type { S3 } from '@aws-sdk/client-s3';
import type { Clock } from '../../clock/clock';
import { NotImplementedError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import { readResponse } from '../custom-resource-callbacks';
import type { CustomResourceEvent, CustomResourceResult } from '../custom-resource-provider';
import type { ResourceProperties, TemplateValue } from '../provider';
import type { NativeTypes } from '../provider-registry';
import { bucketDeployment } from './bucket-deployment';
import { bucketNotifications } from './bucket-notifications';

/** A function that cannot run and stands in the template only as the handler of custom resources. */
export interface RecordedHandler {
  readonly name: string;
  readonly region: string;
  /** ARN of the role that it would run with. */
  readonly role: string;
}

/** What a native handler has in place of a function's environment. */
export interface NativeCall {
  readonly event: CustomResourceEvent;
  /** Calls as a session of the function's role, in its region. */
  readonly s3: S3;
  /** Name of the log stream that the function would write to. */
  readonly logStream: string;
  /** A random UUID, the same in every run. */
  uuid(): string;
}

/** What a handler puts to its ResponseURL, but for what it repeats of the request. */
export interface NativeAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, TemplateValue>>;
}

/** Does in this process what one of aws-cdk-lib's Python handlers does on AWS. */
export interface NativeHandler {
  readonly type: string;
  /** Reasons why these properties cannot be honoured. */
  unsupported(properties: ResourceProperties): string[];
  handle(call: NativeCall): Promise<NativeAnswer>;
}

/** What native handlers need of their surroundings. */
export interface NativeCustomResourcesOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Calls back with a client of S3 that calls as a session of a role. */
  readonly withS3: <T>(handler: RecordedHandler, use: (s3: S3) => Promise<T>) => Promise<T>;
}

const handlers: readonly NativeHandler[] = [bucketDeployment, bucketNotifications];

/**
 * Custom resources of aws-cdk-lib whose functions are written in Python, which the emulator does not
 * run. They see the same events, call with the same role and give the same answers as those functions.
 */
export class NativeCustomResources implements NativeTypes {
  readonly types = handlers.map(({ type }) => type);

  constructor(private readonly options: NativeCustomResourcesOptions) {}

  unsupported(type: string, properties: ResourceProperties): string[] {
    return handlers.find((handler) => handler.type === type)?.unsupported(properties) ?? [];
  }

  /**
   * Handles a request in place of a function.
   *
   * @throws CustomResourceFailure if the answer is FAILED
   * @throws NotImplementedError if there is no native handler for its type, or for its properties
   */
  async invoke(event: CustomResourceEvent, fn: RecordedHandler): Promise<CustomResourceResult> {
    const handler = handlers.find(({ type }) => type === event.ResourceType);
    if (!handler) {
      throw new NotImplementedError(
        `${event.ResourceType} behind the function ${fn.name}, which is only recorded`,
      );
    }
    const [reason] = handler.unsupported(event.ResourceProperties);
    if (reason !== undefined && event.RequestType !== 'Delete')
      throw new NotImplementedError(reason);
    const { clock, random, withS3 } = this.options;
    const stream = random.stream(
      `cloudformation/native/${event.StackId}/${event.LogicalResourceId}`,
    );
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const answer = await withS3(fn, (s3) =>
      handler.handle({
        event,
        s3,
        logStream: `${day}/[$LATEST]${stream.hex(32)}`,
        uuid: () => stream.uuid(),
      }),
    );
    const { LogicalResourceId, RequestId, StackId } = event;
    const body = { ...answer, StackId, RequestId, LogicalResourceId, NoEcho: false };
    return readResponse(JSON.stringify(body), event);
  }
}
