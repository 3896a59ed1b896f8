import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Compression } from 'aws-cdk-lib/aws-kinesisfirehose';
import {
  Format,
  Partitioning,
  Processor,
  type S3DestinationOptions,
  Source,
  type StreamDeliveryProps,
} from 'cdk-decouple';
import { failuresOf, functionIn, stackWith } from './fixtures';

const table = { databaseName: 'web', tableName: 'clicks' };
const byCustomer = Partitioning.byQuery({ customer: '.customer' });
const PREFIX = 'customer=!{partitionKeyFromQuery:customer}/';

describe('fails', () => {
  const seconds = Duration.seconds;
  const mebibytes = Size.mebibytes;

  test.each<[string, Partial<S3DestinationOptions>, RegExp]>([
    ['a long interval', { bufferingInterval: seconds(901) }, /bufferingInterval must be .* 900/],
    ['a large buffer', { bufferingSize: mebibytes(129) }, /bufferingSize must be .* 128 MiB/],
    ['a small buffer', { bufferingSize: Size.kibibytes(512) }, /bufferingSize must be .* 1 and/],
    [
      'a small buffer with columns',
      { format: Format.parquet(table), bufferingSize: mebibytes(63) },
      /bufferingSize must be at least 64 MiB with format, got 63/,
    ],
    [
      'a small buffer with partitions',
      { partitioning: byCustomer, prefix: PREFIX, bufferingSize: mebibytes(63) },
      /bufferingSize must be at least 64 MiB with partitioning, got 63/,
    ],
    [
      'a short interval with partitions',
      { partitioning: byCustomer, prefix: PREFIX, bufferingInterval: seconds(59) },
      /bufferingInterval must be at least 60 seconds with partitioning, got 59/,
    ],
    [
      'compression with columns',
      { format: Format.parquet(table), compression: Compression.GZIP },
      /compression must be left out with format/,
    ],
    ['an extension', { fileExtension: 'gz' }, /fileExtension must be/],
    ['partitions without a prefix', { partitioning: byCustomer }, /partitioning needs a prefix/],
    [
      'partitions with another prefix',
      { partitioning: byCustomer, prefix: 'clicks/' },
      /partitioning needs a prefix with !\{partitionKeyFromQuery:/,
    ],
    [
      'a key that is not in the prefix',
      { partitioning: Partitioning.byQuery({ customer: '.c', day: '.d' }), prefix: PREFIX },
      /prefix must have every key of partitioning: it lacks day/,
    ],
    [
      'a key that is in the prefix only',
      { partitioning: byCustomer, prefix: `${PREFIX}!{partitionKeyFromQuery:day}/` },
      /prefix has keys that partitioning has not: day/,
    ],
    [
      'partitions by a function that is not there',
      { partitioning: Partitioning.byFunction(), prefix: '!{partitionKeyFromLambda:day}/' },
      /needs a processor that is a function/,
    ],
    [
      'a long retry',
      {
        partitioning: Partitioning.byQuery({ customer: '.c' }, { retryDuration: seconds(7_201) }),
        prefix: PREFIX,
      },
      /partitioning\.retryDuration must be .* 7,200 seconds, got 7201/,
    ],
    ['keys without partitions', { prefix: PREFIX }, /prefix names keys of a partition/],
    ['an open expression', { prefix: '!{timestamp:yyyy/' }, /not of the form !\{namespace:value\}/],
    ['another namespace', { prefix: '!{date:yyyy}/' }, /must only use the namespaces/],
    ['another value', { prefix: '!{firehose:random}/' }, /random-string and error-output-type/],
    [
      'the type of errors in the prefix',
      { prefix: '!{firehose:error-output-type}/' },
      /must not have !\{firehose:error-output-type\}/,
    ],
    ['a long prefix', { prefix: 'x'.repeat(513) }, /not be longer than 512 characters/],
    ['errors of no type', { errorPrefix: '!{timestamp:yyyy}/' }, /errorPrefix with expressions/],
    [
      'errors by partition',
      { errorPrefix: '!{partitionKeyFromQuery:a}/!{firehose:error-output-type}' },
      /errorPrefix cannot name keys of a partition/,
    ],
  ])('for %s', (_what, options, message) => {
    const failures = failuresOf(() => stackWith({}, options));

    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(message);
  });

  test.each<[string, Partial<StreamDeliveryProps>, RegExp]>([
    ['a name', { deliveryStreamName: 'a b' }, /deliveryStreamName must be/],
    ['a name of a stream', { source: Source.stream({ streamName: 'a b' }) }, /streamName must be/],
    [
      'a short retention',
      { source: Source.stream({ retentionPeriod: Duration.hours(23) }) },
      /retentionPeriod must be .* 86,400 and 31,536,000 seconds, got 82800/,
    ],
    [
      'a long retention',
      { source: Source.stream({ retentionPeriod: Duration.days(366) }) },
      /retentionPeriod must be/,
    ],
    [
      'a retention in minutes',
      { source: Source.stream({ retentionPeriod: Duration.minutes(1_501) }) },
      /retentionPeriod must be in whole hours/,
    ],
    ['no shards', { source: Source.stream({ shardCount: 0 }) }, /shardCount must be/],
    [
      'large records',
      { source: Source.stream({ maxRecordSizeKiB: 10_241 }) },
      /maxRecordSizeKiB must be/,
    ],
    [
      'all metrics and some',
      {
        source: Source.stream({
          shardLevelMetrics: [
            kinesis.ShardLevelMetrics.ALL,
            kinesis.ShardLevelMetrics.INCOMING_BYTES,
          ],
        }),
      },
      /shardLevelMetrics must be ALL, or some by name/,
    ],
    [
      'six processors',
      { processors: Array.from({ length: 6 }, () => Processor.appendNewline()) },
      /processors must be at most 5, those of partitioning included, got 6/,
    ],
    [
      'two functions',
      { processors: [Processor.jsonRecords(), Processor.jsonRecords()] },
      /at most one function/,
    ],
    [
      'messages of logs that are packed',
      { processors: [Processor.cloudWatchLogMessages(), Processor.decompress()] },
      /decompress before cloudWatchLogMessages/,
    ],
    [
      'a small buffer before a function',
      { processors: [Processor.jsonRecords({ bufferingSize: Size.kibibytes(100) })] },
      /processor bufferingSize must be a number between 0.2 and 3 MiB/,
    ],
    [
      'many retries',
      { processors: [Processor.jsonRecords({ retries: 301 })] },
      /processor retries must be/,
    ],
    [
      'an alarm that never ends',
      { maxFreshness: Duration.minutes(5) },
      /maxFreshness must be more than the destination's buffering interval of 300 seconds/,
    ],
    ['retention of no logs', { logs: { enabled: false, retention: 1 } }, /logs\.enabled is false/],
  ])('for %s', (_what, props, message) => {
    const failures = failuresOf(() => stackWith(props));

    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(message);
  });

  test('for a function that takes longer than Firehose waits', () => {
    const stack = new Stack(new App(), 'Slow');
    const processor = Processor.function(functionIn(stack, Duration.minutes(6)));

    expect(failuresOf(() => stackWith({ processors: [processor] }))).toEqual([
      expect.stringMatching(/must not take longer than 300 seconds/),
    ]);
  });

  test('for everything at once', () => {
    const props = { deliveryStreamName: '', source: Source.stream({ shardCount: -1 }) };

    expect(failuresOf(() => stackWith(props, { prefix: '!{a:b}' }))).toHaveLength(3);
  });
});
