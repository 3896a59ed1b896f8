import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { SQSClient } from '@aws-sdk/client-sqs';
import { BusyProtection } from './busy-protection';
import { leaveGroup, terminationOf } from './departure';
import { GroupMember } from './group-member';
import { InstanceMetadata } from './instance-metadata';
import { jsonLogger } from './json-logger';
import type { Work } from './messages';
import { settingsOf, type WorkerOptions } from './options';
import { StopRequest } from './stop-request';
import { Worker } from './worker';

/**
 * Works off a queue until the process is told to leave; `runWorker` says how.
 */
export async function run(work: Work, options: WorkerOptions): Promise<void> {
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
  const worker = new Worker(work, settings, { sqs, logger, protection });
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
