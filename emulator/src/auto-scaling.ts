import type { Composition } from './composition';
import { defaultAccount } from './iam/identities';
import type { ConsumeOptions, MessageHandler } from './workers/consumer';
import {
  GroupWorkers,
  type WorkerProgram,
  type WorkerSurroundings,
  type Workers,
} from './workers/group-workers';

/** Where a group is that has no stack to say it. */
export interface GroupPlace {
  /** @default '000000000000' */
  readonly account?: string;
  /** @default - the emulator's */
  readonly region?: string;
}

/**
 * Programs in this process on the instances of Auto Scaling groups. They are what the manual clock needs: time passes in
 * them when it is told to, and a day of messages takes seconds.
 *
 * ```ts
 * const workers = aws.autoScaling.consume(group, { queueUrl }, async (message, { clock }) => {
 *   await clock.sleep(2_000); // encode a video, say
 * });
 * await aws.clock.advance(Duration.hours(1));
 * expect(workers.processed).toBe(1_000);
 * ```
 *
 * A program calls queues and Auto Scaling as the role of its instance, whose rights are evaluated. It ends with its
 * machine, in the middle of whatever it does: messages come back after their visibility timeout. Where a lifecycle hook
 * holds an instance that is to go, its program is told, has time to finish, and then lets the instance go.
 */
export class AutoScalingPrograms {
  private readonly surroundings: WorkerSurroundings;

  constructor(
    private readonly services: Pick<Composition, 'autoScaling'>,
    private readonly region: string,
    surroundings: WorkerSurroundings,
  ) {
    this.surroundings = surroundings;
  }

  /**
   * Runs a program on each instance of a group, now and later.
   *
   * @param group - its name or ARN
   * @param program - started once for each instance, when that comes into service; again 5 seconds after it has thrown
   * @throws ServiceError if there is no such group
   */
  run(group: string, program: WorkerProgram, place: GroupPlace = {}): Workers {
    return GroupWorkers.running(this.find(group, place), this.surroundings, program);
  }

  /**
   * Has the instances of a group work off a queue: each message is handled, and deleted once its handler has returned.
   *
   * @param group - its name or ARN
   * @throws ServiceError if there is no such group
   */
  consume(group: string, options: ConsumeOptions & GroupPlace, handler: MessageHandler): Workers {
    return GroupWorkers.consuming(this.find(group, options), this.surroundings, handler, options);
  }

  private find(group: string, { account = defaultAccount, region = this.region }: GroupPlace) {
    const [, , , arnRegion = region, arnAccount = account] = group.split(':');
    return this.services.autoScaling.membership({ account: arnAccount, region: arnRegion }, group);
  }
}
