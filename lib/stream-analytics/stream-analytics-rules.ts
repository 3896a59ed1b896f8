import {
  failuresOf,
  integerBetween,
  isKnown,
  knownSeconds,
  type ValidationRule,
} from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import type { StreamAnalyticsProps } from './stream-analytics-props';

const MOST_GROUPS = 50;

/** What Managed Service for Apache Flink would refuse. https://docs.aws.amazon.com/managed-flink/latest/java/limits.html */
const RULES: ReadonlyArray<ValidationRule<StreamAnalyticsProps>> = [
  {
    fails: ({ applicationName }) =>
      isKnown(applicationName) && !/^[a-zA-Z0-9_.-]{1,128}$/.test(applicationName),
    message: ({ applicationName }) =>
      `applicationName must be 1 to 128 letters, digits, hyphens, underscores and full stops, got '${applicationName}'`,
  },
  {
    fails: ({ flinkVersion }) => flinkVersion?.runtimeEnvironment.startsWith('SQL') === true,
    message: () => 'flinkVersion must be one of Flink: AWS has ended the SQL applications',
  },
  integerBetween('parallelism', ({ parallelism }) => parallelism, { min: 1, max: 256 }),
  integerBetween('parallelismPerKpu', (props) => props.parallelismPerKpu, { min: 1, max: 8 }),
  {
    fails: ({ checkpointInterval }) => (knownSeconds(checkpointInterval) ?? 1) < 1,
    message: () => 'checkpointInterval must be at least a second',
  },
  {
    fails: ({ properties = {} }) => Object.keys(properties).length > MOST_GROUPS,
    message: ({ properties = {} }) =>
      `properties must be at most ${MOST_GROUPS} groups, got ${Object.keys(properties).length}`,
  },
  {
    fails: ({ securityGroups = [], vpc }) => (vpc !== undefined) !== securityGroups.length > 0,
    message: () => 'vpc and securityGroups must be given together',
  },
  ALARM_TOPIC_RULE,
];

/** What is wrong with the props. */
export function streamAnalyticsFailures(props: StreamAnalyticsProps): readonly string[] {
  return failuresOf(props, RULES);
}
