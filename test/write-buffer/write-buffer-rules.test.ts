import { Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Sink } from 'cdk-decouple';
import { type Changes, failuresOf, functionIn } from './write-buffer-support';

describe('fails when', () => {
  test.each<[string, Changes]>([
    ['batchSize must be a whole number', { batchSize: 0 }],
    ['batchSize of a FIFO queue must be at most 10', { batchSize: 11, fifo: true }],
    ['batchSize above 10 needs a maxBatchingWindow', { batchSize: 11 }],
    ['for standard queues only', { maxBatchingWindow: Duration.seconds(1), fifo: true }],
    ['maxBatchingWindow must be a whole number', { maxBatchingWindow: Duration.seconds(301) }],
    ['outageTolerance must be a whole number', { outageTolerance: Duration.seconds(59) }],
    [
      'outageTolerance needs messages to be kept for more than 542000 seconds, got 518400 as retentionPeriod',
      { outageTolerance: Duration.days(5), retentionPeriod: Duration.days(6) },
    ],
    [
      'got 431999, the most that deadLetterRetentionPeriod leaves',
      { outageTolerance: Duration.days(5), deadLetterRetentionPeriod: Duration.days(5) },
    ],
    ['got 1209599, the most that', { outageTolerance: Duration.days(12) }],
    ['deadLetterQueue belongs to queue', { deadLetterQueue: new sqs.Queue(new Stack(), 'Q') }],
    ['maxDepth must be a whole number', { maxDepth: 0 }],
  ])('%s', (message, changes) => {
    expect(failuresOf(changes)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    [Duration.seconds(0), 'got 0'],
    [Duration.seconds(901), 'got 901'],
    [Duration.hours(3), 'got 10800'],
  ])('the timeout of the sink is none that Lambda has: %p', (timeout, message) => {
    expect(
      failuresOf((stack) => ({ sink: Sink.function(functionIn(stack), { timeout }) })),
    ).toEqual([
      expect.stringMatching(`^the timeout of the sink must be .* 900 seconds, ${message}$`),
    ]);
  });

  test.each([0, 1, 1_001, 2.5])('the sink bears a concurrency of %p', (maxConcurrency) => {
    expect(
      failuresOf((stack) => ({ sink: Sink.function(functionIn(stack), { maxConcurrency }) })),
    ).toEqual([expect.stringContaining(`between 2 and 1,000`)]);
  });

  test.each([2, 1_000])('not with a concurrency of %p', (maxConcurrency) => {
    expect(
      failuresOf((stack) => ({ sink: Sink.function(functionIn(stack), { maxConcurrency }) })),
    ).toEqual([]);
  });

  test('the function has less reserved concurrency than the sink asks for', () => {
    const reserving = (reservedConcurrentExecutions: number) =>
      failuresOf((stack) => {
        const fn = new lambda.Function(stack, 'Reserving', {
          runtime: lambda.Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: lambda.Code.fromInline('x'),
          reservedConcurrentExecutions,
        });
        return { sink: Sink.function(fn, { maxConcurrency: 5 }) };
      });

    expect(reserving(5)).toEqual([]);
    expect(reserving(4)).toEqual([
      expect.stringContaining('sink: maxConcurrency must not be above the reserved concurrency'),
    ]);
  });

  test('queue, buffer and sink are wrong, with all of it in one error', () => {
    const failures = failuresOf((stack) => ({
      batchSize: 20_000,
      maxBatchingWindow: Duration.seconds(1),
      maxDepth: 0,
      sink: Sink.function(functionIn(stack), { maxConcurrency: 1 }),
    }));

    expect(failures).toHaveLength(3);
  });
});
