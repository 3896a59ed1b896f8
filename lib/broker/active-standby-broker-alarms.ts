import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

/** Amazon MQ publishes once a minute. */
const PERIOD = Duration.minutes(1);

/** From which values on the alarms go off. */
export interface ActiveMqAlarmThresholds {
  /**
   * CPU in use, in percent.
   *
   * @default 90
   */
  readonly cpuPercent?: number;

  /**
   * The JVM's memory in use, in percent.
   *
   * @default 80
   */
  readonly heapPercent?: number;

  /**
   * The store in use, in percent. At 100 the broker takes no persistent messages.
   *
   * @default 75
   */
  readonly storePercent?: number;

  /**
   * Files of the journal, 32 MiB each, that a standby has to read before it serves, when the active broker is lost.
   *
   * @default 150
   */
  readonly journalFiles?: number;
}

/** The alarms of one member of a pair. */
export interface BrokerMemberAlarms {
  /** Goes off when the CPU has been busy for a quarter of an hour. */
  readonly cpu: cloudwatch.Alarm;
  /** Goes off when the JVM has had little memory left for 5 minutes. */
  readonly heap: cloudwatch.Alarm;
  /** Goes off when the store fills up. */
  readonly store: cloudwatch.Alarm;
  /** Goes off when a failover would take long. */
  readonly journal: cloudwatch.Alarm;
}

interface AlarmDefinition {
  readonly metricName: string;
  readonly threshold: number;
  /** In minutes. */
  readonly lasting: number;
  readonly advice: string;
}

/**
 * The alarms of both members. Amazon MQ publishes by the **name** of the broker with the number of the member, not by the broker's id.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-logging-monitoring.html
 */
export function memberAlarms(
  scope: Construct,
  brokerName: string,
  thresholds: ActiveMqAlarmThresholds = {},
): BrokerMemberAlarms[] {
  return [1, 2].map((member) => {
    const alarms = new Construct(scope, `Member${member}`);
    const alarm = (id: string, definition: AlarmDefinition): cloudwatch.Alarm =>
      alarmOf(alarms, `${id}Alarm`, `${brokerName}-${member}`, definition);
    return {
      cpu: alarm('Cpu', {
        metricName: 'CpuUtilization',
        threshold: thresholds.cpuPercent ?? 90,
        lasting: 15,
        advice:
          'The broker has been busy for 15 minutes: take a larger instance type, or find who sends so much.',
      }),
      heap: alarm('Heap', {
        metricName: 'HeapUsage',
        threshold: thresholds.heapPercent ?? 80,
        lasting: 5,
        advice:
          'The JVM of the broker runs out of memory, and the broker restarts when there is none: look for destinations, connections and consumers that nobody needs, or take a larger instance type.',
      }),
      store: alarm('Store', {
        metricName: 'StorePercentUsage',
        threshold: thresholds.storePercent ?? 75,
        lasting: 1,
        advice:
          'The store fills up, and at 100 percent the broker takes no persistent messages: look for queues, dead-letter queues and durable subscriptions that nobody consumes from.',
      }),
      journal: alarm('Journal', {
        metricName: 'JournalFilesForFullRecovery',
        threshold: thresholds.journalFiles ?? 150,
        lasting: 5,
        advice:
          'A standby would have to read many files of the journal before it serves: a message that has stayed for long keeps them, such as one in a dead-letter queue.',
      }),
    };
  });
}

function alarmOf(
  scope: Construct,
  id: string,
  member: string,
  { advice, lasting, metricName, threshold }: AlarmDefinition,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: new cloudwatch.Metric({
      namespace: 'AWS/AmazonMQ',
      metricName,
      dimensionsMap: { Broker: member },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: PERIOD,
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold,
    evaluationPeriods: lasting,
    // A standby publishes less than the active member, and one that is being replaced nothing.
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: advice,
  });
}
