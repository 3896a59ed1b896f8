import type * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Construct } from 'constructs';

/** Something that a delivery stream does to records before it delivers them: {@link Processor} has all that there are. */
export interface IProcessor {
  /** What Firehose calls it, such as `Lambda`. */
  readonly type: string;

  /** What is wrong with it. */
  validate(): readonly string[];

  /** Gives the role its rights, and makes what else is needed. */
  bind(scope: Construct, role: iam.Role): CfnDeliveryStream.ProcessorProperty;
}
