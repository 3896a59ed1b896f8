import { Size, type TimeZone } from 'aws-cdk-lib';
import { type CfnDeliveryStreamProps, Compression } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Construct } from 'constructs';
import {
  failuresOf,
  isKnown,
  knownMebibytes,
  knownSeconds,
  type ValidationRule,
} from '../validation';
import type { DestinationContext, IDestination } from './destination-contract';
import type { Format } from './format';
import type { Partitioning } from './partitioning';
import { errorPrefixFailure, prefixFailure } from './prefix-rules';
import { processing } from './processing';
import type { IProcessor } from './processor-contract';
import {
  bufferingHints,
  bufferingRules,
  DEFAULT_BUFFERING_INTERVAL,
  type S3ObjectsOptions,
  s3ObjectsRules,
  writeObjects,
} from './s3-objects';

/** Firehose's floor for partitions and columns: smaller objects would be many. */
const SMALLEST_LARGE_BUFFER = 64;
const LARGE_BUFFER = Size.mebibytes(128);
const SHORTEST_PARTITIONED_INTERVAL = 60;

/** What {@link Destination.s3} can be told. */
export interface S3DestinationOptions extends S3ObjectsOptions {
  /**
   * How objects are compressed. With `format` it is the format that compresses.
   *
   * @default Compression.GZIP; none with `format`
   */
  readonly compression?: Compression;

  /**
   * How many bytes are collected before they are written: 1 to 128 MiB; with `partitioning` or `format` at least 64.
   *
   * @default Size.mebibytes(5); Size.mebibytes(128) with `partitioning` or `format`
   */
  readonly bufferingSize?: Size;

  /**
   * Objects by what is in the records. It can neither be added to a delivery stream that exists nor taken away.
   *
   * @default - objects by time
   */
  readonly partitioning?: Partitioning;

  /**
   * Columns instead of JSON.
   *
   * @default - records are written as they are
   */
  readonly format?: Format;

  /**
   * What the keys of objects end in, such as `.json.gz`: a full stop, lower-case letters, digits and `!-_.*'()`, up to 128 characters.
   *
   * @default - nothing, or what compression and format add
   */
  readonly fileExtension?: string;

  /**
   * The time zone of the times in keys.
   *
   * @default TimeZone.UTC
   */
  readonly timeZone?: TimeZone;

  /**
   * Where all records are kept as they came, before they are processed.
   *
   * @default - nowhere: what fails goes to the error prefix
   */
  readonly backup?: S3ObjectsOptions;
}

const RULES: ReadonlyArray<ValidationRule<S3DestinationOptions>> = [
  ...bufferingRules<S3DestinationOptions>('', (options) => options),
  {
    fails: ({ bufferingSize, format, partitioning }) =>
      (format !== undefined || partitioning !== undefined) &&
      (knownMebibytes(bufferingSize) ?? SMALLEST_LARGE_BUFFER) < SMALLEST_LARGE_BUFFER,
    message: ({ bufferingSize, partitioning }) =>
      `bufferingSize must be at least ${SMALLEST_LARGE_BUFFER} MiB with ${partitioning === undefined ? 'format' : 'partitioning'}, got ${knownMebibytes(bufferingSize)}`,
  },
  {
    fails: ({ bufferingInterval, partitioning }) =>
      partitioning !== undefined &&
      (knownSeconds(bufferingInterval) ?? SHORTEST_PARTITIONED_INTERVAL) <
        SHORTEST_PARTITIONED_INTERVAL,
    message: ({ bufferingInterval }) =>
      `bufferingInterval must be at least ${SHORTEST_PARTITIONED_INTERVAL} seconds with partitioning, got ${knownSeconds(bufferingInterval)}`,
  },
  {
    fails: ({ compression, format }) =>
      format !== undefined &&
      compression !== undefined &&
      compression.value !== Compression.UNCOMPRESSED.value,
    message: ({ compression }) =>
      `compression must be left out with format, which compresses by itself, got ${compression?.value}`,
  },
  {
    fails: ({ fileExtension }) =>
      isKnown(fileExtension) && !/^\.[0-9a-z!\-_.*'()]{1,127}$/.test(fileExtension),
    message: ({ fileExtension }) =>
      `fileExtension must be a full stop and up to 127 of 0-9a-z!-_.*'(), got '${fileExtension}'`,
  },
  ...s3ObjectsRules<S3DestinationOptions>('backup.', ({ backup }) => backup),
];

/** Objects in a bucket. */
export class S3Destination implements IDestination {
  public readonly kind = 'S3';
  public readonly metrics = {
    freshness: 'DeliveryToS3.DataFreshness',
    success: 'DeliveryToS3.Success',
  };

  constructor(private readonly options: S3DestinationOptions) {}

  public get bufferingInterval() {
    return this.options.bufferingInterval ?? DEFAULT_BUFFERING_INTERVAL;
  }

  public get ownProcessors() {
    return this.options.partitioning?.processors().length ?? 0;
  }

  public validate(processors: readonly IProcessor[]): readonly string[] {
    const { errorPrefix, partitioning, prefix } = this.options;
    return [
      ...failuresOf(this.options, RULES),
      prefixFailure('prefix', prefix, partitioning !== undefined) ?? [],
      errorPrefixFailure('errorPrefix', errorPrefix) ?? [],
      partitioning?.validate(prefix, processors) ?? [],
    ].flat();
  }

  public bind(scope: Construct, context: DestinationContext): Partial<CfnDeliveryStreamProps> {
    const { backup, fileExtension, format, partitioning, timeZone } = this.options;
    const isLarge = format !== undefined || partitioning !== undefined;
    return {
      extendedS3DestinationConfiguration: {
        ...writeObjects(
          context,
          format === undefined
            ? this.options
            : { ...this.options, compression: Compression.UNCOMPRESSED },
          'S3Destination',
        ),
        ...(isLarge && { bufferingHints: bufferingHints(this.options, LARGE_BUFFER) }),
        fileExtension,
        customTimeZone: timeZone?.timezoneName,
        dynamicPartitioningConfiguration: partitioning?.toConfiguration(),
        dataFormatConversionConfiguration: format?.bind(scope, context.role),
        processingConfiguration: processing([
          ...context.processors,
          ...(partitioning?.processors() ?? []),
        ]),
        ...(backup !== undefined && {
          s3BackupMode: 'Enabled',
          s3BackupConfiguration: writeObjects(context, backup, 'S3Backup'),
        }),
      },
    };
  }
}
