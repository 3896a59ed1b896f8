import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { logKey } from '../encryption/log-key';
import type { IDestination } from './destination-contract';
import type { IProcessor } from './processor-contract';

type Properties = Partial<firehose.CfnDeliveryStreamProps>;

/** How Firehose logs what it cannot process or deliver. */
export interface DeliveryLogsOptions {
  /**
   * Whether it does.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * How long the log group keeps it.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly retention?: logs.RetentionDays;

  /**
   * A KMS key of your own for the log group.
   *
   * @default - encrypted by CloudWatch Logs
   */
  readonly encryptionKey?: kms.IKey;
}

/** A delivery stream in the making. */
export interface DeliveryStreamOptions {
  readonly destination: IDestination;
  readonly deliveryStreamName?: string;
  readonly processors?: readonly IProcessor[];
  readonly logs?: DeliveryLogsOptions;
  /** Where its records come from: the properties that say so, and the rights that it takes. */
  readonly source: (role: iam.Role) => Properties;
}

/** A delivery stream that has been made. */
export interface BoundDeliveryStream {
  readonly deliveryStream: firehose.DeliveryStream;
  /** What Firehose reads and delivers as. */
  readonly role: iam.Role;
  /** Undefined if nothing is logged. */
  readonly logGroup?: logs.LogGroup;
}

/**
 * Makes a delivery stream to any destination, with a role and a log group in its own scope: the one place that all delivery streams of
 * this library come from.
 *
 * aws-cdk-lib's own knows two destinations. It is used for what is the same with all of them, and what it lacks is put into the
 * resource below it. The ids are those that it gives itself.
 */
export function makeDeliveryStream(
  scope: Construct,
  id: string,
  options: DeliveryStreamOptions,
): BoundDeliveryStream {
  const { deliveryStreamName, destination, processors = [], source } = options;
  let bound: { properties: Properties; role: iam.Role; logGroup?: logs.LogGroup } | undefined;
  const deliveryStream = new firehose.DeliveryStream(scope, id, {
    deliveryStreamName,
    destination: {
      bind(own) {
        const role = new iam.Role(own, `${destination.kind} Destination Role`, {
          assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', {
            conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(own).account } },
          }),
        });
        const logGroup = makeLogGroup(own, options.logs);
        bound = {
          role,
          logGroup,
          properties: {
            ...source(role),
            ...destination.bind(own, {
              role,
              processors: processors.map((processor) => processor.bind(own, role)),
              loggingTo: (logStream) => logGroup && loggingTo(logGroup, role, logStream),
            }),
          },
        };
        // Firehose tries what its role may do when it is made.
        return { dependables: [role] };
      },
    },
  });
  const resource = deliveryStream.node.defaultChild;
  if (bound === undefined || !(resource instanceof firehose.CfnDeliveryStream)) {
    throw new Error('unreachable: a DeliveryStream binds its destination, and is one resource');
  }
  Object.assign(resource, bound.properties);
  return { deliveryStream, role: bound.role, logGroup: bound.logGroup };
}

function makeLogGroup(
  scope: Construct,
  { enabled = true, encryptionKey, retention }: DeliveryLogsOptions = {},
): logs.LogGroup | undefined {
  return enabled
    ? new logs.LogGroup(scope, 'LogGroup', {
        retention: retention ?? logs.RetentionDays.ONE_MONTH,
        encryptionKey: logKey(scope, encryptionKey),
      })
    : undefined;
}

/** Lets the role write to a log stream, which Firehose does not make itself. */
function loggingTo(
  logGroup: logs.LogGroup,
  role: iam.Role,
  name: string,
): firehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty {
  const { logStreamName } = logGroup.addStream(name);
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['logs:PutLogEvents'],
      resources: [
        Stack.of(logGroup).formatArn({
          service: 'logs',
          resource: `log-group:${logGroup.logGroupName}:log-stream:${logStreamName}`,
        }),
      ],
    }),
  );
  return { enabled: true, logGroupName: logGroup.logGroupName, logStreamName };
}
