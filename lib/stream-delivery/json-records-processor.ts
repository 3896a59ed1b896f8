import { Duration, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { logKey } from '../encryption/log-key';
import { descriptionOf } from '../shipped-functions/descriptions';
import { shippedCode } from '../shipped-functions/shipped-code';
import {
  FunctionProcessor,
  type FunctionProcessorOptions,
  functionProcessor,
} from './function-processor';
import {
  type JsonRecordsSettings,
  MOST_SETTINGS_BYTES,
  SETTINGS_VARIABLE,
} from './json-records-settings';
import type { IProcessor } from './processor-contract';

/** What {@link Processor.jsonRecords} can be told. Fields are those of the record itself, not of what is nested in it. */
export interface JsonRecordsOptions extends FunctionProcessorOptions {
  /**
   * Fields that are taken away, such as personal data that shall not reach the destination.
   *
   * @default - none
   */
  readonly removeFields?: readonly string[];

  /**
   * Fields that a record must have, neither null nor an empty text. One without goes to the error prefix.
   *
   * @default - none
   */
  readonly requiredFields?: readonly string[];

  /**
   * Fields whose values are the keys of a partition, for {@link Partitioning.byFunction}. A record must have them.
   *
   * @default - none
   */
  readonly partitionFields?: readonly string[];

  /**
   * How long the logs of the function are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * A KMS key of your own for the logs of the function.
   *
   * @default - encrypted by CloudWatch Logs
   */
  readonly logEncryptionKey?: kms.IKey;
}

/** A function of this package that a delivery stream calls. */
export class JsonRecordsProcessor implements IProcessor {
  public readonly type = 'Lambda';

  constructor(private readonly options: JsonRecordsOptions) {}

  public validate(): readonly string[] {
    const size = Buffer.byteLength(JSON.stringify(this.settings()));
    return [
      ...FunctionProcessor.failuresOf(this.options),
      ...(size > MOST_SETTINGS_BYTES
        ? [
            `the names of fields in jsonRecords must not be longer than ${MOST_SETTINGS_BYTES} bytes as JSON, got ${size}: Lambda allows 4,096 for the environment`,
          ]
        : []),
    ];
  }

  public bind(scope: Construct, role: iam.Role): CfnDeliveryStream.ProcessorProperty {
    return functionProcessor(this.makeFunction(scope), role, this.options);
  }

  private settings(): JsonRecordsSettings {
    const { partitionFields = [], removeFields = [], requiredFields = [] } = this.options;
    return { removeFields, requiredFields, partitionFields };
  }

  private makeFunction(scope: Construct): lambda.Function {
    const role = new iam.Role(scope, 'ProcessorRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroup = new logs.LogGroup(scope, 'ProcessorLogs', {
      retention: this.options.logRetention ?? logs.RetentionDays.ONE_MONTH,
      encryptionKey: logKey(scope, this.options.logEncryptionKey),
    });
    logGroup.grantWrite(role);
    const fn = new lambda.Function(scope, 'Processor', {
      description: descriptionOf(scope, 'transforms records'),
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: shippedCode('stream-delivery-json-records'),
      // AWS's advice for a transformation: at least a minute.
      timeout: Duration.minutes(1),
      memorySize: 512,
      role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      environment: { [SETTINGS_VARIABLE]: JSON.stringify(this.settings()) },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources to name.',
    });
    Validations.of(fn).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'It is for asynchronous invocations; Firehose waits for what this function answers.',
    });
    return fn;
  }
}
