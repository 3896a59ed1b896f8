import { Duration, Size } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  failuresOf,
  integerBetween,
  knownSeconds,
  mebibytesBetween,
  secondsBetween,
  type ValidationRule,
} from '../validation';
import type { IProcessor } from './processor-contract';

/** Firehose waits no longer for a function: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
const LONGEST_TIMEOUT = Duration.minutes(5);

/** How a delivery stream calls a function. */
export interface FunctionProcessorOptions {
  /**
   * How long records are collected before the function is called; up to 15 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly bufferingInterval?: Duration;

  /**
   * How many bytes are collected before the function is called; 0.2 to 3 MiB. What the function answers must not be above 6 MB.
   *
   * @default Size.mebibytes(1); Size.kibibytes(256) for Splunk, unless `bufferingInterval` is set
   */
  readonly bufferingSize?: Size;

  /**
   * How often a call that failed is made again; 0 to 300. Then the batch goes to the error prefix.
   *
   * @default 3
   */
  readonly retries?: number;
}

const RULES: ReadonlyArray<ValidationRule<FunctionProcessorOptions>> = [
  secondsBetween('processor bufferingInterval', ({ bufferingInterval }) => bufferingInterval, {
    min: 0,
    max: 900,
  }),
  mebibytesBetween(
    'processor bufferingSize',
    ({ bufferingSize }) => bufferingSize,
    { min: 0.2, max: 3 },
    true,
  ),
  integerBetween('processor retries', ({ retries }) => retries, { min: 0, max: 300 }),
];

/** A function that a delivery stream calls. */
export class FunctionProcessor implements IProcessor {
  public readonly type = 'Lambda';

  constructor(
    private readonly fn: lambda.IFunction,
    private readonly options: FunctionProcessorOptions,
  ) {}

  /** What is wrong with how a function is called. */
  public static failuresOf(options: FunctionProcessorOptions): readonly string[] {
    return failuresOf(options, RULES);
  }

  public validate(): readonly string[] {
    const timeout = this.fn instanceof lambda.Function ? knownSeconds(this.fn.timeout) : undefined;
    return [
      ...FunctionProcessor.failuresOf(this.options),
      ...(timeout !== undefined && timeout > LONGEST_TIMEOUT.toSeconds()
        ? [
            `the function of a processor must not take longer than ${LONGEST_TIMEOUT.toSeconds()} seconds, for which Firehose waits, got a timeout of ${timeout}`,
          ]
        : []),
    ];
  }

  public bind(_scope: Construct, role: iam.Role): CfnDeliveryStream.ProcessorProperty {
    return functionProcessor(this.fn, role, this.options);
  }
}

/**
 * Lets the role call the function, by its latest version unless it is a version or an alias.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 */
export function functionProcessor(
  fn: lambda.IFunction,
  role: iam.Role,
  { bufferingInterval, bufferingSize, retries }: FunctionProcessorOptions,
): CfnDeliveryStream.ProcessorProperty {
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
      resources: [fn.functionArn],
    }),
  );
  const hasHints = bufferingInterval !== undefined || bufferingSize !== undefined;
  const parameters = {
    LambdaArn: fn.functionArn,
    RoleArn: role.roleArn,
    // Firehose takes both hints or neither.
    ...(hasHints && {
      BufferIntervalInSeconds: String((bufferingInterval ?? Duration.minutes(1)).toSeconds()),
      BufferSizeInMBs: String((bufferingSize ?? Size.mebibytes(1)).toKibibytes() / 1024),
    }),
    ...(retries !== undefined && { NumberOfRetries: String(retries) }),
  };
  return {
    type: 'Lambda',
    parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
      parameterName,
      parameterValue,
    })),
  };
}
