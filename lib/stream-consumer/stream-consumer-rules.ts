import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { FILTER_RULES } from '../event-filters/filter-pattern';
import {
  failuresOf,
  integerBetween,
  isKnown,
  secondsBetween,
  type ValidationRule,
} from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import type { StreamConsumerProps } from './stream-consumer-props';

const MOST_CONSUMERS = 20;
const MOST_CONSUMERS_WITH_ADVANTAGE = 50;

/** Everything that Lambda or Kinesis would refuse at deployment. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html */
const RULES: ReadonlyArray<ValidationRule<StreamConsumerProps>> = [
  integerBetween('batchSize', ({ batchSize }) => batchSize, { min: 1, max: 10_000 }),
  secondsBetween('maxBatchingWindow', ({ maxBatchingWindow }) => maxBatchingWindow, {
    min: 0,
    max: 300,
  }),
  secondsBetween('tumblingWindow', ({ tumblingWindow }) => tumblingWindow, { min: 1, max: 900 }),
  integerBetween('parallelizationFactor', (props) => props.parallelizationFactor, {
    min: 1,
    max: 10,
  }),
  {
    fails: ({ parallelizationFactor, tumblingWindow }) =>
      tumblingWindow !== undefined && isKnown(parallelizationFactor) && parallelizationFactor > 1,
    message: () =>
      'tumblingWindow needs one batch of a shard at a time: leave out parallelizationFactor',
  },
  integerBetween('retryAttempts', ({ retryAttempts }) => retryAttempts, { min: -1, max: 10_000 }),
  secondsBetween('maxRecordAge', ({ maxRecordAge }) => maxRecordAge, { min: 60, max: 604_800 }),
  ...FILTER_RULES,
  {
    fails: ({ encryptionKey, onFailure }) => encryptionKey !== undefined && onFailure !== undefined,
    message: () => 'encryptionKey is for the queue that is made: leave it out with onFailure',
  },
  {
    fails: ({ startingPosition }) =>
      startingPosition instanceof Date && Number.isNaN(startingPosition.getTime()),
    message: () => 'startingPosition must be a date that is valid',
  },
  ALARM_TOPIC_RULE,
];

/** Consumers with enhanced fan-out of each stream, in this app. */
const consumers = new WeakMap<kinesis.IStream, number>();

/** What is wrong with the props. */
export function streamConsumerFailures(props: StreamConsumerProps): readonly string[] {
  const { enhancedFanOut, onDemandAdvantage, onFailure, stream } = props;
  const most = onDemandAdvantage === true ? MOST_CONSUMERS_WITH_ADVANTAGE : MOST_CONSUMERS;
  const others = consumers.get(stream) ?? 0;
  return [
    ...failuresOf(props, RULES),
    ...(onFailure?.failures ?? []),
    ...(enhancedFanOut === true && others >= most
      ? [
          `a stream has at most ${most} consumers with enhanced fan-out, and this one has ${others}: leave out enhancedFanOut, or set onDemandAdvantage if the account has it`,
        ]
      : []),
  ];
}

/** Counts a consumer with enhanced fan-out, once it is made. */
export function countConsumer(stream: kinesis.IStream): void {
  consumers.set(stream, (consumers.get(stream) ?? 0) + 1);
}
