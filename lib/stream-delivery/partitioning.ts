import type { Duration } from 'aws-cdk-lib';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { failuresOf, isKnown, secondsBetween } from '../validation';
import { type PartitionNamespace, partitionKeysIn } from './prefix-rules';
import type { IProcessor } from './processor-contract';

/** How records are partitioned, whatever the keys come from. */
export interface PartitioningOptions {
  /**
   * How long Firehose tries again to write a partition; up to 2 hours.
   *
   * @default Duration.minutes(5)
   */
  readonly retryDuration?: Duration;

  /**
   * That records hold several each, and how to tell them apart.
   *
   * @default - a record is one
   */
  readonly deaggregation?: Deaggregation;
}

/** How several records are in one. Firehose takes at most 500 out of each. */
export class Deaggregation {
  /** JSON objects one after another, with line ends between them or without. */
  public static json(): Deaggregation {
    return new Deaggregation([{ parameterName: 'SubRecordType', parameterValue: 'JSON' }]);
  }

  /**
   * Texts with a delimiter between them.
   *
   * @param delimiter - as it is: Firehose is given it in Base64
   */
  public static delimited(delimiter: string): Deaggregation {
    return new Deaggregation([
      { parameterName: 'SubRecordType', parameterValue: 'DELIMITED' },
      {
        parameterName: 'Delimiter',
        parameterValue: Buffer.from(delimiter, 'utf8').toString('base64'),
      },
    ]);
  }

  private constructor(
    private readonly parameters: readonly CfnDeliveryStream.ProcessorParameterProperty[],
  ) {}

  /** The processor, as the template has it. */
  public toProcessor(): CfnDeliveryStream.ProcessorProperty {
    return { type: 'RecordDeAggregation', parameters: [...this.parameters] };
  }
}

/**
 * Objects by what is in the records: each combination of keys has a prefix of its own.
 *
 * Firehose holds a buffer for each: 500 of them at a time unless the quota is raised. What comes beyond goes to the error prefix.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html
 */
export class Partitioning {
  /**
   * By values that are found in each record, which has to be JSON.
   *
   * @param keys - their names, as `prefix` has them in `!{partitionKeyFromQuery:name}`, and where they are, as jq has it: `.customer.id`
   */
  public static byQuery(
    keys: Readonly<Record<string, string>>,
    options: PartitioningOptions = {},
  ): Partitioning {
    return new Partitioning('partitionKeyFromQuery', keys, options);
  }

  /**
   * By keys that the transforming function answers with each record, in `metadata.partitionKeys`: `prefix` has them in
   * `!{partitionKeyFromLambda:name}`.
   */
  public static byFunction(options: PartitioningOptions = {}): Partitioning {
    return new Partitioning('partitionKeyFromLambda', {}, options);
  }

  private constructor(
    private readonly namespace: PartitionNamespace,
    private readonly keys: Readonly<Record<string, string>>,
    private readonly options: PartitioningOptions,
  ) {}

  /** What is wrong with it, given the prefix of the objects and what is done to records before. */
  public validate(
    prefix: string | undefined,
    processors: readonly IProcessor[],
  ): readonly string[] {
    const names = Object.keys(this.keys);
    const used = partitionKeysIn(prefix, this.namespace);
    const other: PartitionNamespace =
      this.namespace === 'partitionKeyFromQuery'
        ? 'partitionKeyFromLambda'
        : 'partitionKeyFromQuery';
    const transforms = processors.some(({ type }) => type === 'Lambda');
    const missing = names.filter((name) => isKnown(prefix) && !used.includes(name));
    const unknown = used.filter((name) => !names.includes(name));
    const byQuery = this.namespace === 'partitionKeyFromQuery';
    return [
      ...failuresOf(this.options, [
        secondsBetween('partitioning.retryDuration', ({ retryDuration }) => retryDuration, {
          min: 0,
          max: 7_200,
        }),
      ]),
      ...(byQuery && names.length === 0 ? ['partitioning must name at least one key'] : []),
      ...(prefix === undefined || (isKnown(prefix) && used.length === 0)
        ? [`partitioning needs a prefix with !{${this.namespace}:...} for its keys`]
        : []),
      ...(byQuery && missing.length > 0 && used.length > 0
        ? [`prefix must have every key of partitioning: it lacks ${missing.join(', ')}`]
        : []),
      ...(byQuery && unknown.length > 0
        ? [`prefix has keys that partitioning has not: ${unknown.join(', ')}`]
        : []),
      ...(!byQuery && !transforms
        ? ['partitioning by function needs a processor that is a function']
        : []),
      ...(partitionKeysIn(prefix, other).length > 0
        ? [`prefix has !{${other}:...}, but partitioning is by ${byQuery ? 'query' : 'function'}`]
        : []),
    ];
  }

  /** What it adds to the processors of the delivery stream. */
  public processors(): readonly CfnDeliveryStream.ProcessorProperty[] {
    const { deaggregation } = this.options;
    const query = Object.entries(this.keys).map(
      ([name, path]) => `${JSON.stringify(name)}:${path}`,
    );
    return [
      ...(deaggregation === undefined ? [] : [deaggregation.toProcessor()]),
      ...(query.length === 0
        ? []
        : [
            {
              type: 'MetadataExtraction',
              parameters: [
                {
                  parameterName: 'MetadataExtractionQuery',
                  parameterValue: `{${query.join(',')}}`,
                },
                { parameterName: 'JsonParsingEngine', parameterValue: 'JQ-1.6' },
              ],
            },
          ]),
    ];
  }

  /** As the template has it. */
  public toConfiguration(): CfnDeliveryStream.DynamicPartitioningConfigurationProperty {
    return {
      enabled: true,
      retryOptions: { durationInSeconds: this.options.retryDuration?.toSeconds() ?? 300 },
    };
  }
}
