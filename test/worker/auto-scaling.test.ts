import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingInstancesCommand,
  SetInstanceProtectionCommand,
} from '@aws-sdk/client-auto-scaling';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { BusyProtection } from '../../lib/worker/busy-protection';
import { leaveGroup, terminationOf } from '../../lib/worker/departure';
import { Job, Log, message, run, sqsWith } from './fixtures';
import { InstanceMetadataService } from './instance-metadata-service';

const lifecycleHookName = 'finish-work';
const self = { AutoScalingGroupName: 'workers', InstanceId: 'i-0123456789abcdef0' };

function groupOf() {
  const autoScaling = mockClient(AutoScalingClient);
  autoScaling.onAnyCommand().resolves({});
  autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({
    AutoScalingInstances: [
      {
        ...self,
        AvailabilityZone: 'eu-west-1a',
        LifecycleState: 'InService',
        HealthStatus: 'HEALTHY',
        ProtectedFromScaleIn: false,
      },
    ],
  });
  return autoScaling;
}

const protections = (autoScaling: ReturnType<typeof groupOf>) =>
  autoScaling
    .commandCalls(SetInstanceProtectionCommand)
    .map(({ args: [{ input }] }) => input.ProtectedFromScaleIn);

test('an instance is protected once while it is busy, and no longer when there is nothing to do', async () => {
  const metadata = await InstanceMetadataService.start(async () => 'InService');
  try {
    const autoScaling = groupOf();
    const sqs = sqsWith([message('one'), message('two')], [message('three')]);
    const { done, stop } = run(async () => {}, { lifecycleHookName });
    while (!protections(autoScaling).includes(false)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    stop();
    await done;
    expect(protections(autoScaling)).toEqual([true, false]);
    expect(sqs.commandCalls(DeleteMessageCommand)).toHaveLength(3);
    expect(autoScaling.commandCalls(CompleteLifecycleActionCommand)).toEqual([]);
  } finally {
    await metadata.stop();
  }
});

test('an instance that is to be terminated finishes, tells its group, and waits for its end', async () => {
  const job = new Job();
  const metadata = await InstanceMetadataService.start(async () => {
    await job.begun;
    return 'Terminated';
  });
  try {
    const autoScaling = groupOf();
    const sqs = sqsWith([message('held')]);
    const { done, log, stop } = run(job.handler, { lifecycleHookName });
    const { leaving } = await job.begun;
    await new Promise((resolve) => leaving.addEventListener('abort', resolve));
    expect(autoScaling.commandCalls(CompleteLifecycleActionCommand)).toEqual([]);
    job.finish();
    while (!log.lines.includes('info: Finished; the instance may be terminated')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sqs.commandCalls(DeleteMessageCommand)).toHaveLength(1);
    expect(sqs.commandCalls(ReceiveMessageCommand)).toHaveLength(1);
    expect(
      autoScaling.commandCalls(CompleteLifecycleActionCommand).map(({ args }) => args[0].input),
    ).toEqual([
      { ...self, LifecycleHookName: lifecycleHookName, LifecycleActionResult: 'CONTINUE' },
    ]);
    const ended = jest.fn();
    const end = done.then(ended);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).not.toHaveBeenCalled();
    stop();
    await end;
  } finally {
    await metadata.stop();
  }
});

test('outside of a group nobody is asked about one', async () => {
  const autoScaling = groupOf();
  sqsWith([message('one')]);
  await run(async () => {}, { handled: 1 }).done;
  expect(autoScaling.calls()).toEqual([]);
});

describe('protection', () => {
  test('a failure is spoken of, and tried again later', async () => {
    jest.useFakeTimers();
    try {
      const log = new Log();
      const setProtected = jest
        .fn<Promise<void>, [boolean]>()
        .mockRejectedValueOnce(new Error('AccessDenied'))
        .mockResolvedValue(undefined);
      const protection = new BusyProtection({ setProtected }, log);
      protection.set(true);
      await jest.advanceTimersByTimeAsync(29_000);
      protection.set(true);
      await jest.advanceTimersByTimeAsync(0);
      expect(setProtected).toHaveBeenCalledTimes(1);
      expect(log.lines).toEqual(['warn: The protection from scale-in could not be changed']);
      await jest.advanceTimersByTimeAsync(1_000);
      protection.set(true);
      await jest.advanceTimersByTimeAsync(0);
      expect(setProtected.mock.calls).toEqual([[true], [true]]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('calls follow each other, and the last wish counts', async () => {
    const answers: (() => void)[] = [];
    const setProtected = jest.fn(
      (_isProtected: boolean) => new Promise<void>((resolve) => answers.push(resolve)),
    );
    const protection = new BusyProtection({ setProtected }, new Log());
    protection.set(true);
    protection.set(false);
    protection.set(true);
    protection.set(false);
    expect(setProtected.mock.calls).toEqual([[true]]);
    answers[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(setProtected.mock.calls).toEqual([[true], [false]]);
    answers[1]?.();
    await protection.end();
    expect(setProtected).toHaveBeenCalledTimes(2);
  });
});

describe('departure', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('while an instance finishes, it asks for more time', async () => {
    const askForTime = jest.fn(async () => {});
    const complete = jest.fn(async () => {});
    const leaving = leaveGroup(
      { askForTime, complete },
      new Log(),
      () => new Promise((resolve) => setTimeout(resolve, 150_000)),
    );
    await jest.advanceTimersByTimeAsync(149_000);
    expect(askForTime).toHaveBeenCalledTimes(2);
    expect(complete).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1_000);
    await leaving;
    expect(complete).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(askForTime).toHaveBeenCalledTimes(2);
  });

  test('a group that does not answer is spoken of, and the hook runs out', async () => {
    const log = new Log();
    const no = () => Promise.reject(new Error('no'));
    await leaveGroup({ askForTime: no, complete: no }, log, async () => {});
    expect(log.lines).toEqual(['error: Auto Scaling was not told that this instance has finished']);
  });

  test('metadata that cannot be read is spoken of once, and read again', async () => {
    const log = new Log();
    const isLeaving = jest
      .fn<Promise<boolean>, []>()
      .mockRejectedValueOnce(new Error('no'))
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValueOnce(false)
      .mockResolvedValue(true);
    const termination = terminationOf({ isLeaving }, log, new AbortController().signal);
    await jest.advanceTimersByTimeAsync(15_000);
    await termination;
    expect(isLeaving).toHaveBeenCalledTimes(4);
    expect(log.lines).toHaveLength(1);
  });

  test('a watch that has ended asks no more', async () => {
    const isLeaving = jest.fn(async () => false);
    const watch = new AbortController();
    void terminationOf({ isLeaving }, new Log(), watch.signal);
    await jest.advanceTimersByTimeAsync(5_000);
    watch.abort();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(isLeaving).toHaveBeenCalledTimes(2);
  });
});
