import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { SQSClient } from '@aws-sdk/client-sqs';
import { BusyProtection } from './busy-protection';
import { leaveGroup, terminationOf } from './departure';
import { GroupMember } from './group-member';
import { InstanceMetadata } from './instance-metadata';
import { jsonLogger } from './json-logger';
import type { MessageHandler } from './messages';
import { settingsOf, type WorkerOptions } from './options';
import { StopRequest } from './stop-request';
import { Worker } from './worker';

/**
 * Works off an SQS queue until the process is told to leave.
 *
 * Messages are received up to 10 at a time by long polling, kept hidden for as long as they are worked on, and deleted when the handler has
 * returned. One that the handler throws for is left alone: it comes back after its visibility timeout, and goes to the
 * dead-letter queue after the queue's maximum of receives. Delivery is at least once; of a FIFO queue, each message group is
 * worked off in order.
 *
 * On SIGTERM, SIGINT, `signal`, and when Auto Scaling is to terminate the instance, nothing more is received; what is in hand is finished, and then
 * the promise resolves. On an instance that is to be terminated the group is told, and the process waits for its end, so that
 * nothing starts it again.
 *
 * @example
 * await runWorker(async ({ Body }) => encode(JSON.parse(Body)), { concurrency: 1 });
 *
 * @param handler works on a message; it may be called for up to `concurrency` messages at a time
 * @throws if options are missing or wrong, or the queue does not answer at the beginning
 */
export async function runWorker(
  handler: MessageHandler,
  options: WorkerOptions = {},
): Promise<void> {
  const settings = settingsOf(options, process.env);
  const logger = options.logger ?? jsonLogger;
  const request = new StopRequest(options.signal);
  const watch = new AbortController();
  // Else the host in the queue's URL would win over an endpoint that is configured.
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  const member =
    settings.lifecycleHookName === undefined
      ? undefined
      : new GroupMember(
          new AutoScalingClient({}),
          new InstanceMetadata(),
          settings.lifecycleHookName,
        );
  const protection = member && new BusyProtection(member, logger);
  const worker = new Worker(handler, settings, { sqs, logger, protection });
  const termination = member && terminationOf(member, logger, watch.signal);
  try {
    await worker.start();
    const isTerminated = await firstOf(request.made, termination);
    logger.info('Leaving: finishing what is in hand', { isTerminated });
    if (isTerminated && member !== undefined) {
      await leaveGroup(member, logger, () => worker.stop());
      await request.park();
    } else {
      await worker.stop();
      await protection?.end();
    }
  } finally {
    watch.abort();
    request.dispose();
    sqs.destroy();
  }
}

/** Whether it is the second promise that resolves first. */
function firstOf(first: Promise<void>, second: Promise<void> | undefined): Promise<boolean> {
  return Promise.race([
    first.then(() => false),
    ...(second === undefined ? [] : [second.then(() => true)]),
  ]);
}
