import { Annotations, Duration, Names } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLettersAlarm } from '../alarms/dead-letters-alarm';
import { notifyOn } from '../alarms/notify';
import { makeDeadLetterQueue } from '../dead-letters/dead-letter-queue';
import { throwIfAny } from '../validation';
import { FailureDestination, type RightHolder } from './failure-destination';
import { grantReadStream, grantSubscribe } from './read-grants';
import { consumerAlarms, type StreamConsumerAlarms } from './stream-consumer-alarms';
import type { StreamConsumerProps } from './stream-consumer-props';
import { countConsumer, streamConsumerFailures } from './stream-consumer-rules';

const DEFAULT_BATCH_SIZE = 100;
const DEFAULT_RETRY_ATTEMPTS = 10;

/**
 * A function that reads a stream: in order within each shard, at least once, and not stopped for good by a record that it cannot process.
 *
 * A batch that fails is halved and tried again; then the consumer goes on, and a queue is told where in the stream the records are that it
 * gave up on. They stay there until the stream's retention ends.
 *
 * @example
 * new StreamConsumer(this, 'Counter', { stream: clicks.stream, function: counter, enhancedFanOut: true });
 */
export class StreamConsumer extends Construct {
  /** What feeds the function from the stream. */
  public readonly eventSource: lambda.EventSourceMapping;

  /** Its registration at the stream; undefined without enhanced fan-out. */
  public readonly registration?: kinesis.StreamConsumer;

  /** The queue that is told of records that were given up on; undefined if `onFailure` was given. */
  public readonly deadLetterQueue?: sqs.Queue;

  /** Its alarms. */
  public readonly alarms: StreamConsumerAlarms;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    throwIfAny(scope, id, StreamConsumer.name, streamConsumerFailures(props));
    super(scope, id);
    const { alarmTopic, enhancedFanOut, encryptionKey, function: fn, stream } = props;
    if (enhancedFanOut === true) {
      countConsumer(stream);
      this.registration = new kinesis.StreamConsumer(this, 'Registration', {
        stream,
        streamConsumerName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      });
    }
    if (props.onFailure === undefined) {
      this.deadLetterQueue = makeDeadLetterQueue(this, 'DeadLetterQueue', {
        of: 'an event source mapping, which tells it what it gave up on',
        encryptionKey,
      });
    }
    const onFailure =
      props.onFailure ?? (this.deadLetterQueue && FailureDestination.queue(this.deadLetterQueue));
    const holder = this.rightHolder(fn);
    if (holder !== undefined) {
      if (this.registration === undefined) grantReadStream(stream, holder);
      else grantSubscribe(this.registration, stream, holder);
      onFailure?.grantTo(holder);
    }
    this.eventSource = this.makeEventSource(props, onFailure?.arn);
    // Lambda tries the role's rights when the mapping is made.
    if (holder !== undefined) this.eventSource.node.addDependency(holder);

    this.alarms = {
      ...consumerAlarms(this, fn, props.maxIteratorAge ?? Duration.hours(1)),
      ...(this.deadLetterQueue !== undefined && {
        deadLetters: deadLettersAlarm(
          this,
          'DeadLettersAlarm',
          this.deadLetterQueue,
          'Lambda gave up on records of the stream. The messages in the queue say where they are: read them again before the retention of the stream ends.',
        ),
      }),
    };
    if (alarmTopic !== undefined) {
      const { deadLetters, errors, iteratorAge } = this.alarms;
      notifyOn(this, alarmTopic, [iteratorAge, errors, deadLetters]);
    }
  }

  private makeEventSource(props: StreamConsumerProps, onFailure?: string) {
    const { filters, function: fn, startingPosition } = props;
    const isTime = startingPosition instanceof Date;
    return new lambda.EventSourceMapping(this, 'EventSource', {
      target: fn,
      eventSourceArn: this.registration?.streamConsumerArn ?? props.stream.streamArn,
      batchSize: props.batchSize ?? DEFAULT_BATCH_SIZE,
      maxBatchingWindow: props.maxBatchingWindow,
      tumblingWindow: props.tumblingWindow,
      parallelizationFactor: props.parallelizationFactor,
      reportBatchItemFailures: props.reportBatchItemFailures ?? true,
      bisectBatchOnError: props.bisectBatchOnError ?? true,
      retryAttempts: props.retryAttempts ?? DEFAULT_RETRY_ATTEMPTS,
      maxRecordAge: props.maxRecordAge,
      filters: filters?.map((pattern) => lambda.FilterCriteria.filter({ ...pattern })),
      startingPosition: isTime
        ? lambda.StartingPosition.AT_TIMESTAMP
        : (startingPosition ?? lambda.StartingPosition.TRIM_HORIZON),
      startingPositionTimestamp: isTime ? startingPosition.getTime() / 1_000 : undefined,
      ...(onFailure !== undefined && { onFailure: { bind: () => ({ destination: onFailure }) } }),
    });
  }

  /** A policy of its own: the function's role may be of another stack, which would else depend on this one. */
  private rightHolder({ role }: lambda.IFunction): RightHolder | undefined {
    if (role !== undefined) return new iam.Policy(this, 'ConsumerPolicy', { roles: [role] });
    Annotations.of(this).addWarningV2(
      'cdk-decouple:consumerRoleUnknown',
      'The function is imported without its role: let that role read the stream and write to where failures are told, or the event source mapping will not be made.',
    );
    return undefined;
  }
}
