import type { BrokerSource } from '../broker-source';
import { invalid } from '../errors';
import { constraint } from '../function-settings';
import type { QueueSource } from '../queue-source';
import type { StreamSource } from '../stream-source';
import { BrokerPoller, type BrokerSurroundings } from './brokers/broker-poller';
import { type BrokerSettings, checkBrokerSettings } from './brokers/broker-settings';
import { FilterCriteria } from './filter-criteria';
import { RunningBatches } from './poller-capacity';
import { type PollerSettings, type PollerSurroundings, SqsPoller } from './sqs-poller';
import { StreamFilter } from './stream-filter';
import { StreamPoller, type StreamPollerSettings, type StreamSurroundings } from './stream-poller';
import { checkStreamSettings, type StreamSettings } from './stream-settings';

/** What a mapping is set to, as callers give it. */
export interface MappingSettings {
  readonly functionArn: string;
  /** Of a queue, of a stream or its consumer, or of a broker. */
  readonly sourceArn: string;
  readonly enabled: boolean;
  /** @default 10 for queues, 100 for streams and brokers */
  readonly batchSize: number;
  /** Seconds. @default 0 for queues and streams, half a second for brokers */
  readonly batchingWindow: number;
  readonly filters: readonly string[];
  readonly reportsItemFailures: boolean;
  readonly maximumConcurrency: number | undefined;
  /** Of streams only. */
  readonly stream: StreamSettings | undefined;
  /** Of brokers only. */
  readonly broker: BrokerSettings | undefined;
}

/** A mapping of a queue, a stream or a broker to a function. */
export class EventSourceMapping {
  readonly tags = new Map<string, string>();
  lastProcessingResult = 'No records processed';
  /** Who brought it into its state, or why Lambda gave up. */
  stateTransitionReason = 'USER_INITIATED';
  private readonly running = new RunningBatches();
  private poller: SqsPoller | undefined;
  private streamPoller: StreamPoller | undefined;
  private brokerPoller: BrokerPoller | undefined;

  /** @param lastModified - emulated time */
  constructor(
    readonly uuid: string,
    readonly arn: string,
    public settings: MappingSettings,
    public lastModified: number,
    private readonly surroundings: Omit<
      BrokerSurroundings & PollerSurroundings & StreamSurroundings,
      'onResult' | 'onStopped' | 'running'
    >,
  ) {
    this.apply();
  }

  get state(): 'Enabled' | 'Disabled' {
    const gaveUp = this.stateTransitionReason !== 'USER_INITIATED';
    return this.settings.enabled && !gaveUp ? 'Enabled' : 'Disabled';
  }

  update(settings: MappingSettings, now: number): void {
    this.settings = settings;
    this.lastModified = now;
    this.poller?.stop();
    this.poller = undefined;
    this.streamPoller?.stop();
    this.brokerPoller?.stop();
    this.brokerPoller = undefined;
    this.stateTransitionReason = 'USER_INITIATED';
    this.apply();
  }

  /** Looks for messages: something has changed that the queue does not tell. */
  wake(): void {
    this.poller?.wake();
    this.streamPoller?.wake();
    this.brokerPoller?.wake();
  }

  stop(): void {
    this.poller?.stop();
    this.poller = undefined;
    this.streamPoller?.end();
    this.streamPoller = undefined;
    this.brokerPoller?.stop();
    this.brokerPoller = undefined;
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
    if (settings.broker) {
      this.applyToBroker(settings.broker);
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

  private applyToBroker(broker: BrokerSettings): void {
    const { settings } = this;
    this.brokerPoller = new BrokerPoller(
      {
        ...broker,
        id: this.uuid,
        sourceArn: settings.sourceArn,
        batchSize: settings.batchSize,
        batchingWindow: settings.batchingWindow,
        filter: new FilterCriteria(settings.filters, 'data'),
      },
      {
        ...this.surroundings,
        onResult: (result) => {
          this.lastProcessingResult = result;
        },
        onStopped: (code) => {
          this.stateTransitionReason = code;
        },
      },
    );
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
  {
    brokers,
    queues,
    source,
  }: {
    readonly brokers: BrokerSource;
    readonly queues: QueueSource;
    readonly source: StreamSource;
  },
  functionTimeout: number,
): void {
  if (settings.broker) {
    checkBrokerSettings({ ...settings, broker: settings.broker }, brokers, functionTimeout);
    return;
  }
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
