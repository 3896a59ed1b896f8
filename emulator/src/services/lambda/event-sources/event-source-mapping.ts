import { invalid } from '../errors';
import { constraint } from '../function-settings';
import type { QueueSource } from '../queue-source';
import type { StreamSource } from '../stream-source';
import { FilterCriteria } from './filter-criteria';
import { RunningBatches } from './poller-capacity';
import { type PollerSettings, type PollerSurroundings, SqsPoller } from './sqs-poller';
import { StreamFilter } from './stream-filter';
import { StreamPoller, type StreamPollerSettings, type StreamSurroundings } from './stream-poller';
import { checkStreamSettings, type StreamSettings } from './stream-settings';

/** What a mapping is set to, as callers give it. */
export interface MappingSettings {
  readonly functionArn: string;
  /** Of a queue, of a stream, or of a stream's consumer. */
  readonly sourceArn: string;
  readonly enabled: boolean;
  /** @default 10 for queues, 100 for streams */
  readonly batchSize: number;
  /** Seconds. @default 0 */
  readonly batchingWindow: number;
  readonly filters: readonly string[];
  readonly reportsItemFailures: boolean;
  readonly maximumConcurrency: number | undefined;
  /** Undefined for queues. */
  readonly stream: StreamSettings | undefined;
}

/** A mapping of a queue or a stream to a function. */
export class EventSourceMapping {
  readonly tags = new Map<string, string>();
  lastProcessingResult = 'No records processed';
  private readonly running = new RunningBatches();
  private poller: SqsPoller | undefined;
  private streamPoller: StreamPoller | undefined;

  /** @param lastModified - emulated time */
  constructor(
    readonly uuid: string,
    readonly arn: string,
    public settings: MappingSettings,
    public lastModified: number,
    private readonly surroundings: Omit<
      PollerSurroundings & StreamSurroundings,
      'onResult' | 'running'
    >,
  ) {
    this.apply();
  }

  get state(): 'Enabled' | 'Disabled' {
    return this.settings.enabled ? 'Enabled' : 'Disabled';
  }

  update(settings: MappingSettings, now: number): void {
    this.settings = settings;
    this.lastModified = now;
    this.poller?.stop();
    this.poller = undefined;
    this.streamPoller?.stop();
    this.apply();
  }

  /** Looks for messages: something has changed that the queue does not tell. */
  wake(): void {
    this.poller?.wake();
    this.streamPoller?.wake();
  }

  stop(): void {
    this.poller?.stop();
    this.poller = undefined;
    this.streamPoller?.end();
    this.streamPoller = undefined;
  }

  private apply(): void {
    const { settings } = this;
    if (!settings.enabled) return;
    if (settings.stream) {
      this.applyToStream({
        ...settings,
        ...settings.stream,
        id: this.uuid,
        filter: new StreamFilter(settings.filters),
      });
      return;
    }
    const poller: PollerSettings = {
      id: this.uuid,
      queueArn: settings.sourceArn,
      batchSize: settings.batchSize,
      batchingWindow: settings.batchingWindow,
      filter: new FilterCriteria(settings.filters),
      reportsItemFailures: settings.reportsItemFailures,
      maximumConcurrency: settings.maximumConcurrency,
    };
    this.poller = new SqsPoller(poller, {
      ...this.surroundings,
      running: this.running,
      onResult: (result) => {
        this.lastProcessingResult = result;
      },
    });
    this.poller.start();
  }

  /** The places in the stream outlive an update, also one that disables the mapping. */
  private applyToStream(settings: StreamPollerSettings): void {
    this.streamPoller ??= new StreamPoller(settings, {
      ...this.surroundings,
      onResult: (result) => {
        this.lastProcessingResult = result;
      },
    });
    this.streamPoller.settings = settings;
    this.streamPoller.start();
  }
}

/**
 * Checks a mapping's settings as Lambda does.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 *
 * @param functionTimeout - seconds
 * @throws ServiceError InvalidParameterValueException
 */
export function checkMapping(
  settings: MappingSettings,
  { queues, source }: { readonly queues: QueueSource; readonly source: StreamSource },
  functionTimeout: number,
): void {
  if (settings.stream) {
    checkStreamSettings({ ...settings, stream: settings.stream }, source);
    return;
  }
  const { batchSize, batchingWindow, maximumConcurrency } = settings;
  const queue = queues.describe(settings.sourceArn);
  if (!queue)
    throw invalid(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  range('batchSize', batchSize, 1, 10_000);
  range('maximumBatchingWindowInSeconds', batchingWindow, 0, 300);
  range('scalingConfig.maximumConcurrency', maximumConcurrency, 2, 1000);
  if (queue.fifo && batchSize > 10)
    throw invalid('Batch size must be less than or equal to 10 for a FIFO queue event source.');
  if (queue.fifo && batchingWindow > 0)
    throw invalid('Batching window is not supported for FIFO queues.');
  if (batchSize > 10 && batchingWindow < 1)
    throw invalid(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  if (queue.visibilityTimeoutSeconds < functionTimeout)
    throw invalid(
      `Queue visibility timeout: ${queue.visibilityTimeoutSeconds} seconds is less than Function timeout: ${functionTimeout} seconds`,
    );
  new FilterCriteria(settings.filters);
}

function range(member: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined) return;
  if (value < min)
    throw constraint(value, member, `Member must have value greater than or equal to ${min}`);
  if (value > max)
    throw constraint(value, member, `Member must have value less than or equal to ${max}`);
}
