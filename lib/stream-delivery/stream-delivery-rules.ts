import { failuresOf, isKnown, knownSeconds, type ValidationRule } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import type { StreamDeliveryProps } from './stream-delivery-props';

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessingConfiguration.html */
const MOST_PROCESSORS = 5;

const RULES: ReadonlyArray<ValidationRule<StreamDeliveryProps>> = [
  {
    fails: ({ deliveryStreamName }) =>
      isKnown(deliveryStreamName) && !/^[a-zA-Z0-9_.-]{1,64}$/.test(deliveryStreamName),
    message: ({ deliveryStreamName }) =>
      `deliveryStreamName must be 1 to 64 letters, digits, hyphens, underscores and full stops, got '${deliveryStreamName}'`,
  },
  {
    fails: ({ processors }) => count(processors, 'Lambda') > 1,
    message: () => 'processors must have at most one function',
  },
  {
    fails: ({ processors = [] }) => {
      const types = processors.map(({ type }) => type);
      const extraction = types.indexOf('CloudWatchLogProcessing');
      return extraction >= 0 && !types.slice(0, extraction).includes('Decompression');
    },
    message: () => 'processors must have decompress before cloudWatchLogMessages',
  },
  {
    fails: ({ destination, maxFreshness }) =>
      (knownSeconds(maxFreshness) ?? Number.POSITIVE_INFINITY) <=
      (knownSeconds(destination.bufferingInterval) ?? 0),
    message: ({ destination, maxFreshness }) =>
      `maxFreshness must be more than the destination's buffering interval of ${knownSeconds(destination.bufferingInterval)} seconds, got ${knownSeconds(maxFreshness)}: the alarm would never end`,
  },
  {
    fails: ({ logs }) =>
      logs?.enabled === false && (logs.retention ?? logs.encryptionKey) !== undefined,
    message: () => 'logs.retention and logs.encryptionKey are for logs, and logs.enabled is false',
  },
  ALARM_TOPIC_RULE,
];

/** Everything that Firehose, Kinesis or CloudFormation would refuse at deployment. */
export function streamDeliveryFailures(props: StreamDeliveryProps): readonly string[] {
  const { destination, processors = [], source } = props;
  const all = processors.length + destination.ownProcessors;
  return [
    ...(source?.failures ?? []),
    ...failuresOf(props, RULES),
    ...(all > MOST_PROCESSORS
      ? [
          `processors must be at most ${MOST_PROCESSORS}, those of partitioning included, got ${all}`,
        ]
      : []),
    ...processors.flatMap((processor) => processor.validate()),
    ...destination.validate(processors),
  ];
}

function count(processors: StreamDeliveryProps['processors'] = [], type: string): number {
  return processors.filter((processor) => processor.type === type).length;
}
