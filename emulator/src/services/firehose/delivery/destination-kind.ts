import type { CreateInput, DestinationDescription, UpdateInput } from '../api';
import type { ProcessingSettings } from '../processing/processing-settings';
import type { Destination } from './destination';
import type { LoggingOptions } from './error-log';
import type { DeliverySurroundings } from './surroundings';

/** Members of CreateDeliveryStream, and properties of `AWS::KinesisFirehose::DeliveryStream`, that configure destinations. */
export type DestinationMember = Extract<keyof CreateInput, `${string}DestinationConfiguration`>;

/** A kind of destinations. Adding one means: implement this, and add it to the list in `destination-kinds.ts`. */
export interface DestinationKind {
  readonly member: DestinationMember;
  /**
   * Reads the configuration out of a request.
   *
   * @returns undefined if the request has none of this kind
   * @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented for what the emulator does not honour
   */
  configured(input: Pick<CreateInput, DestinationMember>): ConfiguredDestination | undefined;
}

/** As whom a delivery stream acts, unless it is said otherwise. */
export interface DeliveryPrincipal {
  /** Of the destination. */
  readonly roleArn: string;
  readonly logging: LoggingOptions | undefined;
  /** As the log names the destination: a bucket's ARN, a URL. */
  readonly destination: string;
}

/** A destination as it is configured, which never changes: an update makes another. */
export interface ConfiguredDestination {
  /** Roles that it acts as: whoever configures it passes them to Firehose, and each has to trust Firehose. */
  readonly roleArns: readonly string[];
  /** As whom what comes before delivery is done, and where it logs what goes wrong. */
  readonly principal: DeliveryPrincipal;
  /** What is done with records before they are delivered. @default - nothing */
  readonly processing: ProcessingSettings | undefined;
  /** As DescribeDeliveryStream shows it, without secrets. */
  describe(): DestinationDescription;
  /** As CreateDeliveryStream would be given it: for drift. */
  readonly configuration: Partial<Pick<CreateInput, DestinationMember>>;
  /**
   * With what UpdateDestination says of it: what it does not mention stays as it is.
   *
   * @throws ServiceError as {@link DestinationKind.configured}; InvalidArgumentException for an update of another kind
   */
  updated(input: UpdateInput): ConfiguredDestination;
  /**
   * Checks what it needs outside of Firehose, before a delivery stream has it. @default - nothing
   *
   * @throws ServiceError InvalidArgumentException
   */
  check?(surroundings: DeliverySurroundings): void;
  /** Makes it work, for a delivery stream. */
  open(surroundings: DeliverySurroundings): Destination;
}
