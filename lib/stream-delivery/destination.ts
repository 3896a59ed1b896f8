import type { IDestination } from './destination-contract';
import { S3Destination, type S3DestinationOptions } from './s3-destination';

/** Where a delivery stream can write to. */
export class Destination {
  /** Objects in a bucket. */
  public static s3(options: S3DestinationOptions): IDestination {
    return new S3Destination(options);
  }

  private constructor() {}
}
