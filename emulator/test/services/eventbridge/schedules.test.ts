import { Duration } from 'aws-cdk-lib';
import { parseSchedule } from '../../../src/services/eventbridge/schedule-expression';
import { EventBench, eventsIn } from './support';

/** The next times of a schedule from an instant on, as ISO 8601 in minutes. */
function times(expression: string, from: string, count = 3): string[] {
  const schedule = parseSchedule(expression);
  const start = Date.parse(from);
  const found: string[] = [];
  for (let at: number | undefined = start; found.length < count; ) {
    at = schedule.next(at, start);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

const from = '2035-01-01T00:00:00Z'; // a Monday

test.each([
  ['rate(1 minute)', ['2035-01-01T00:01', '2035-01-01T00:02', '2035-01-01T00:03']],
  ['rate(12 hours)', ['2035-01-01T12:00', '2035-01-02T00:00', '2035-01-02T12:00']],
  ['rate(7 days)', ['2035-01-08T00:00', '2035-01-15T00:00', '2035-01-22T00:00']],
  // The examples of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
  ['cron(0 10 * * ? *)', ['2035-01-01T10:00', '2035-01-02T10:00', '2035-01-03T10:00']],
  ['cron(15 12 * * ? *)', ['2035-01-01T12:15', '2035-01-02T12:15', '2035-01-03T12:15']],
  ['cron(0 18 ? * MON-FRI *)', ['2035-01-01T18:00', '2035-01-02T18:00', '2035-01-03T18:00']],
  ['cron(0 8 1 * ? *)', ['2035-01-01T08:00', '2035-02-01T08:00', '2035-03-01T08:00']],
  ['cron(0/15 * * * ? *)', ['2035-01-01T00:15', '2035-01-01T00:30', '2035-01-01T00:45']],
  ['cron(0/10 * ? * MON-FRI *)', ['2035-01-01T00:10', '2035-01-01T00:20', '2035-01-01T00:30']],
  ['cron(0/5 8-17 ? * MON-FRI *)', ['2035-01-01T08:00', '2035-01-01T08:05', '2035-01-01T08:10']],
  ['cron(0 9 ? * 2#1 *)', ['2035-01-01T09:00', '2035-02-05T09:00', '2035-03-05T09:00']],
  ['cron(0 9 L * ? *)', ['2035-01-31T09:00', '2035-02-28T09:00', '2035-03-31T09:00']],
  ['cron(0 9 ? * 6L *)', ['2035-01-26T09:00', '2035-02-23T09:00', '2035-03-30T09:00']],
  // The 6th of January 2035 is a Saturday, the 6th of May a Sunday.
  ['cron(0 9 6W JAN,MAY ? *)', ['2035-01-05T09:00', '2035-05-07T09:00', '2036-01-07T09:00']],
  ['cron(0 0 29 2 ? *)', ['2036-02-29T00:00', '2040-02-29T00:00', '2044-02-29T00:00']],
  ['cron(0 0 1 1 ? 2034-2036)', ['2036-01-01T00:00']],
])('%s', (expression, expected) => {
  expect(times(expression, from)).toEqual(expected);
});

describe('on a rule', () => {
  let bench: EventBench;

  beforeEach(async () => {
    bench = await EventBench.start();
  });

  afterEach(() => bench.stop());

  test('sends scheduled events until the rule is disabled or deleted', async () => {
    const queue = await bench.queue('ticks');
    const { RuleArn } = await bench.events.putRule({
      Name: 'tick',
      ScheduleExpression: 'rate(5 minutes)',
    });
    await bench.events.putTargets({ Rule: 'tick', Targets: [{ Id: 'q', Arn: queue.arn }] });
    await bench.aws.clock.advance(Duration.minutes(11));
    const events = await eventsIn(queue);
    expect(events[0]).toMatchObject({
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2035-01-01T00:05:00Z',
      resources: [RuleArn],
      detail: {},
    });
    expect(events).toHaveLength(2);
    await bench.events.disableRule({ Name: 'tick' });
    await bench.aws.clock.advance(Duration.hours(1));
    expect(await eventsIn(queue)).toEqual([]);
    await bench.events.enableRule({ Name: 'tick' });
    await bench.aws.clock.advance(Duration.minutes(5));
    expect(await eventsIn(queue)).toHaveLength(1);
    await bench.events.removeTargets({ Rule: 'tick', Ids: ['q'] });
    await bench.events.deleteRule({ Name: 'tick' });
    await bench.aws.clock.advance(Duration.hours(1));
    expect(await eventsIn(queue)).toEqual([]);
  });
});
