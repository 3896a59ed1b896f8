import { Duration, Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { METRICS, METRICS_NAMESPACE, VARIABLES } from './mapping/settings';

/** What every shipped consumer is told, and where it counts. */
export interface SinkEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Counts batches that the sink could not take. */
  readonly sinkErrors: cloudwatch.Metric;
}

/**
 * The variables of a shipped consumer that do not depend on its sink.
 *
 * @param scope after which its metrics are named
 */
export function sinkEnvironment(
  scope: IConstruct,
  {
    deadLetterQueue,
    timeout,
  }: { readonly deadLetterQueue: sqs.IQueue; readonly timeout: Duration },
): SinkEnvironment {
  const service = Names.uniqueResourceName(scope, { maxLength: 80, separator: '-' });
  return {
    variables: {
      POWERTOOLS_SERVICE_NAME: service,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      [VARIABLES.timeoutSeconds]: String(timeout.toSeconds()),
      [VARIABLES.deadLetterQueueUrl]: deadLetterQueue.queueUrl,
    },
    sinkErrors: new cloudwatch.Metric({
      namespace: METRICS_NAMESPACE,
      metricName: METRICS.sinkErrors,
      dimensionsMap: { service },
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(1),
    }),
  };
}
