import type { GroupMember } from './group-member';
import type { WorkerLogger } from './options';

const WATCH_MILLISECONDS = 5_000;
const HEARTBEAT_MILLISECONDS = 60_000;

/**
 * Watches for the group's wish to terminate this instance.
 *
 * @param signal ends the watch
 * @returns when the instance is to leave; never if it is not
 */
export function terminationOf(
  member: Pick<GroupMember, 'isLeaving'>,
  logger: Pick<WorkerLogger, 'warn'>,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let isWarned = false;
    const look = async (): Promise<void> => {
      try {
        if (await member.isLeaving()) {
          resolve();
          return;
        }
        isWarned = false;
      } catch (error) {
        if (!isWarned) {
          logger.warn('The instance metadata service does not tell the state of the lifecycle', {
            error,
          });
        }
        isWarned = true;
      }
      if (!signal.aborted) {
        timer = setTimeout(look, WATCH_MILLISECONDS);
      }
    };
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    void look();
  });
}

/**
 * Lets the group terminate this instance once `finish` has ended, and asks for more time until then.
 */
export async function leaveGroup(
  member: Pick<GroupMember, 'askForTime' | 'complete'>,
  logger: WorkerLogger,
  finish: () => Promise<void>,
): Promise<void> {
  const heartbeat = setInterval(() => {
    member.askForTime().catch((error) => {
      logger.warn('Auto Scaling gives no more time', { error });
    });
  }, HEARTBEAT_MILLISECONDS);
  try {
    await finish();
  } finally {
    clearInterval(heartbeat);
  }
  try {
    await member.complete();
    logger.info('Finished; the instance may be terminated');
  } catch (error) {
    logger.error('Auto Scaling was not told that this instance has finished', { error });
  }
}
