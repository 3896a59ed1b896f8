import { isDeepStrictEqual } from 'node:util';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { ServiceError } from '../../../src/protocol/errors';
import { createEventBridge, type TargetServices } from '../../../src/services/eventbridge';
import { account, clientOf, environment, region } from '../../support/service-harness';

const minute = 60_000;
const queue = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;

test('a rule counts what it does, minute by minute, and an account its calls of PutEvents', async () => {
  const { env, clock, metrics } = environment();
  let throttled = true;
  const targets: TargetServices = {
    queues: {
      send(arn) {
        if (arn === queue('missing'))
          throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
        if (arn === queue('slow') && throttled)
          throw new ServiceError('RequestThrottled', 'Request is throttled.');
        return 'id';
      },
    },
    topics: { publish: () => 'id' },
    functions: { invoke: () => 'id' },
  };
  const service = createEventBridge(env, targets);
  const events = new EventBridge(clientOf(env, [service]));
  await events.putRule({
    Name: 'all',
    EventPattern: '{"source":["shop"]}',
  });
  await events.putTargets({
    Rule: 'all',
    Targets: [
      { Id: 'missing', Arn: queue('missing'), DeadLetterConfig: { Arn: queue('dead') } },
      { Id: 'lost', Arn: queue('missing'), DeadLetterConfig: { Arn: queue('missing') } },
      { Id: 'slow', Arn: queue('slow') },
    ],
  });
  const start = clock.now();
  /** What was published in a minute, by metric. */
  const sums = (from: number, dimensions: Record<string, string> = { RuleName: 'all' }) =>
    Object.fromEntries(
      metrics.list({ account, region }).flatMap((metric) => {
        const { name, namespace } = metric.identity;
        expect(namespace).toBe('AWS/Events');
        if (!isDeepStrictEqual(metric.identity.dimensions, dimensions)) return [];
        const statistic = metric.periods(from, from + minute, minute).get(0);
        return statistic ? [[name, statistic.sum]] : [];
      }),
    );
  const good = { Source: 'shop', DetailType: 'Order', Detail: '{}' };
  await events.putEvents({ Entries: [good, { ...good, Detail: '' }] });
  await clock.advance(30_000);
  throttled = false;
  await clock.advance(2 * minute);
  expect(sums(start)).toEqual({
    MatchedEvents: 1,
    TriggeredRules: 1,
    // 2 and, at 0, 1, 3, 7, 15 and 31 seconds, 6.
    InvocationAttempts: 8,
    RetryInvocationAttempts: 5,
    SuccessfulInvocationAttempts: 1,
    Invocations: 3,
    FailedInvocations: 2,
    InvocationsSentToDlq: 1,
    InvocationsFailedToBeSentToDlq: 1,
  });
  expect(sums(start + minute)).toEqual({});
  expect(sums(start, {})).toEqual({
    PutEventsApproximateCallCount: 1,
    PutEventsEntriesCount: 2,
    PutEventsRequestSize: 20,
    PutEventsFailedEntriesCount: 1,
  });
});
