import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';

/** What is done to records, as the template has it; undefined if nothing is. */
export function processing(
  processors: readonly CfnDeliveryStream.ProcessorProperty[],
): CfnDeliveryStream.ProcessingConfigurationProperty | undefined {
  return processors.length === 0 ? undefined : { enabled: true, processors: [...processors] };
}
