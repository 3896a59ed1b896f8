import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { FunctionProcessor, type FunctionProcessorOptions } from './function-processor';
import { type JsonRecordsOptions, JsonRecordsProcessor } from './json-records-processor';
import type { IProcessor } from './processor-contract';

/** What a delivery stream can do to records before it delivers them; five at most, in their order. */
export class Processor {
  /**
   * A function of your own, called with a batch of records; it answers `Ok`, `Dropped` or `ProcessingFailed` for each, and the new data.
   *
   * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
   */
  public static function(fn: lambda.IFunction, options: FunctionProcessorOptions = {}): IProcessor {
    return new FunctionProcessor(fn, options);
  }

  /**
   * A function that is shipped with this package, for records that are JSON: it takes fields away, turns records away that lack some, and
   * writes each on a line of its own. What is not JSON goes to the error prefix.
   */
  public static jsonRecords(options: JsonRecordsOptions = {}): IProcessor {
    return new JsonRecordsProcessor(options);
  }

  /** Unpacks records that are compressed with GZIP, as a subscription of CloudWatch Logs sends them. */
  public static decompress(): IProcessor {
    return simple('Decompression', { CompressionFormat: 'GZIP' });
  }

  /** Takes the messages out of what a subscription of CloudWatch Logs sends. It needs {@link decompress} before it. */
  public static cloudWatchLogMessages(): IProcessor {
    return simple('CloudWatchLogProcessing', { DataMessageExtraction: 'true' });
  }

  /** Ends each record with a line end. */
  public static appendNewline(): IProcessor {
    return simple('AppendDelimiterToRecord', {});
  }

  private constructor() {}
}

/** A processor that Firehose has itself: it needs no rights. */
function simple(type: string, parameters: Readonly<Record<string, string>>): IProcessor {
  return {
    type,
    validate: () => [],
    bind: () => ({
      type,
      parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
        parameterName,
        parameterValue,
      })),
    }),
  };
}
