import { autoScalingSetup, minute } from './setup';

const action = { AutoScalingGroupName: 'workers', ScheduledActionName: 'mornings' };
const day = 24 * 60 * minute;

test('a recurring action runs by the clock of its time zone, through summer time too', async () => {
  const { causes, client, clock, described, group } = autoScalingSetup();
  await group();
  await client.putScheduledUpdateGroupAction({
    ...action,
    Recurrence: '0 9 * * *',
    TimeZone: 'Europe/Vienna',
    DesiredCapacity: 2,
  });
  const next = async () => {
    const { ScheduledUpdateGroupActions: [it] = [] } = await client.describeScheduledActions({});
    return it?.StartTime?.toISOString();
  };
  expect(await next()).toBe('2035-01-01T08:00:00.000Z');
  await clock.advance(8 * 60 * minute);
  expect(await described()).toMatchObject({ DesiredCapacity: 2 });
  expect((await causes())[0]).toMatch(
    /^At 2035-01-01T08:00:00Z a scheduled action update of AutoScalingGroup constraints to min: 0, max: 10, desired: 2 changing the desired capacity from 0 to 2\./,
  );
  await clock.advance(180 * day);
  expect(await next()).toBe('2035-07-01T07:00:00.000Z');
});

test('a single action runs once and is forgotten', async () => {
  const { client, clock, described, group } = autoScalingSetup();
  await group();
  const StartTime = new Date(clock.now() + 5 * minute);
  await client.putScheduledUpdateGroupAction({ ...action, StartTime, MinSize: 3, MaxSize: 3 });
  await clock.advance(5 * minute);
  expect(await described()).toMatchObject({ DesiredCapacity: 3, MinSize: 3, MaxSize: 3 });
  expect(await client.describeScheduledActions({})).toMatchObject({
    ScheduledUpdateGroupActions: [],
  });
});

test('suspended, scheduled actions are passed over', async () => {
  const { client, clock, described, group } = autoScalingSetup();
  await group();
  await client.putScheduledUpdateGroupAction({ ...action, Recurrence: '* * * * *', MinSize: 1 });
  await client.suspendProcesses({
    AutoScalingGroupName: 'workers',
    ScalingProcesses: ['ScheduledActions'],
  });
  await clock.advance(5 * minute);
  expect(await described()).toMatchObject({ DesiredCapacity: 0 });
});

test('several actions are put and deleted at a time, and what is wrong with one is said of that one', async () => {
  const { client, group } = autoScalingSetup();
  await group();
  const AutoScalingGroupName = 'workers';
  expect(
    await client.batchPutScheduledUpdateGroupAction({
      AutoScalingGroupName,
      ScheduledUpdateGroupActions: [
        { ScheduledActionName: 'good', Recurrence: '0 8 * * 1-5', MinSize: 1 },
        { ScheduledActionName: 'bad', Recurrence: 'sometimes', MinSize: 1 },
      ],
    }),
  ).toMatchObject({
    FailedScheduledUpdateGroupActions: [
      {
        ScheduledActionName: 'bad',
        ErrorCode: 'ValidationError',
        ErrorMessage: 'Given recurrence string: sometimes is invalid',
      },
    ],
  });
  expect(
    await client.batchDeleteScheduledAction({
      AutoScalingGroupName,
      ScheduledActionNames: ['good', 'bad'],
    }),
  ).toMatchObject({ FailedScheduledActions: [{ ScheduledActionName: 'bad' }] });
});

test.each([
  [{ MinSize: 1 }, 'Either StartTime or Recurrence must be specified.'],
  [{ Recurrence: '0 8 * * *' }, 'At least one of MinSize, MaxSize and DesiredCapacity'],
  [{ Recurrence: '0 25 * * *', MinSize: 1 }, 'Given recurrence string: 0 25 * * * is invalid'],
  [
    { Recurrence: '0 8 * * *', TimeZone: 'Mars/Base', MinSize: 1 },
    'Given time zone: Mars/Base is invalid',
  ],
  [{ StartTime: new Date(0), MinSize: 1 }, 'Given start time is in the past'],
])('an action with %p is refused', async (settings, message) => {
  const { client, group } = autoScalingSetup();
  await group();
  await expect(client.putScheduledUpdateGroupAction({ ...action, ...settings })).rejects.toThrow(
    message,
  );
});
