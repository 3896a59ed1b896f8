import type { InputOf, OutputOf } from '../../protocol/handlers';

export type FirehoseApi = typeof import('@aws-sdk/client-firehose');

export type CreateInput = InputOf<FirehoseApi, 'CreateDeliveryStream'>;
export type UpdateInput = InputOf<FirehoseApi, 'UpdateDestination'>;

type Description = NonNullable<
  OutputOf<FirehoseApi, 'DescribeDeliveryStream'>['DeliveryStreamDescription']
>;

/** A destination as DescribeDeliveryStream shows it, without its id. */
export type DestinationDescription = Omit<
  NonNullable<Description['Destinations']>[number],
  'DestinationId'
>;

/** A bucket as requests configure it: of the deprecated S3 destination, of backups, of other destinations. */
export type S3Configuration = NonNullable<CreateInput['S3DestinationConfiguration']>;
export type S3Update = NonNullable<UpdateInput['S3DestinationUpdate']>;
/** The S3 destination as requests configure it. */
export type ExtendedS3Configuration = NonNullable<
  CreateInput['ExtendedS3DestinationConfiguration']
>;
export type ExtendedS3Update = NonNullable<UpdateInput['ExtendedS3DestinationUpdate']>;
export type ProcessingConfiguration = NonNullable<
  ExtendedS3Configuration['ProcessingConfiguration']
>;
export type Processor = NonNullable<ProcessingConfiguration['Processors']>[number];
