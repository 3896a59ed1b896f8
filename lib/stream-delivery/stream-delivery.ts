import { Duration, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { ProducerGrants } from '../streams/producer-grants';
import { throwIfAny } from '../validation';
import { makeDeliveryStream } from './delivery-stream';
import { Source } from './source';
import { type StreamDeliveryAlarms, streamDeliveryAlarms } from './stream-delivery-alarms';
import type { StreamDeliveryProps } from './stream-delivery-props';
import { streamDeliveryFailures } from './stream-delivery-rules';

const FRESHNESS_MARGIN = Duration.minutes(15);

/**
 * Records that come faster than anyone reads them, delivered in batches: a stream that keeps them in order and lets others replay them,
 * and a Firehose delivery stream that takes them to a bucket, a warehouse, an index or a vendor.
 *
 * Delivery is at least once. What cannot be processed or delivered is kept in a bucket; nothing is lost as long as that one can be
 * written to within the retention of the stream.
 *
 * @example
 * const clicks = new StreamDelivery(this, 'Clicks', {
 *   destination: Destination.s3({ bucket, prefix: 'clicks/!{timestamp:yyyy/MM/dd}/' }),
 *   processors: [Processor.jsonRecords({ removeFields: ['ip'] })],
 * });
 * clicks.grantWrite(website);
 */
export class StreamDelivery extends Construct {
  /** What delivers. */
  public readonly deliveryStream: firehose.DeliveryStream;

  /** What Firehose reads and delivers as. Its own `grantPrincipal` is another one, which it does not use. */
  public readonly role: iam.Role;

  /** Where producers write to and other consumers read from; undefined for direct put. */
  public readonly stream?: kinesis.IStream;

  /** Where Firehose logs what it cannot process or deliver; undefined if it shall not. */
  public readonly logGroup?: logs.LogGroup;

  /** Its alarms. */
  public readonly alarms: StreamDeliveryAlarms;

  constructor(scope: Construct, id: string, props: StreamDeliveryProps) {
    throwIfAny(scope, id, StreamDelivery.name, streamDeliveryFailures(props));
    super(scope, id);
    const { alarmTopic, destination, maxFreshness, maxIteratorAge, processors = [] } = props;
    const source = (props.source ?? Source.stream()).bind(this);
    const { deliveryStream, logGroup, role } = makeDeliveryStream(this, 'DeliveryStream', {
      deliveryStreamName: props.deliveryStreamName,
      destination,
      processors,
      logs: props.logs,
      source: source.properties,
    });
    if (source.stream !== undefined) {
      Validations.of(deliveryStream).acknowledge({
        id: 'AwsSolutions-KDF1',
        reason:
          'Firehose has no encryption of its own with a stream as its source: the stream is what is encrypted.',
      });
    }
    this.deliveryStream = deliveryStream;
    this.role = role;
    this.logGroup = logGroup;
    this.stream = source.stream;
    this.alarms = streamDeliveryAlarms(this, {
      deliveryStream,
      stream: source.stream,
      metrics: destination.metrics,
      maxFreshness: maxFreshness ?? destination.bufferingInterval.plus(FRESHNESS_MARGIN),
      maxIteratorAge: maxIteratorAge ?? Duration.hours(1),
      isTransformed: processors.some(({ type }) => type === 'Lambda'),
    });
    if (alarmTopic !== undefined) {
      const { freshness, iteratorAge, processing, readLimit, success, throttled, writeLimit } =
        this.alarms;
      const all = [freshness, success, processing, throttled, iteratorAge, readLimit, writeLimit];
      notifyOn(this, alarmTopic, all);
    }
  }

  /** Lets a principal put records: into the stream, with the use of its key, or straight into the delivery stream. */
  public grantWrite(grantee: iam.IGrantable): iam.Grant {
    return this.stream === undefined
      ? this.deliveryStream.grant(grantee, 'firehose:PutRecord', 'firehose:PutRecordBatch')
      : ProducerGrants.sdk(this.stream, grantee);
  }
}
