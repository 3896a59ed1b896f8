import type { MessageHandler } from './messages';
import type { WorkerOptions } from './options';
import { run } from './run';

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
  await run({ each: handler }, options);
}
