import type { GroupMember } from './group-member';
import type { WorkerLogger } from './options';

/** Auto Scaling throttles an account, not an instance: one that fails must not keep asking. */
const PAUSE_AFTER_FAILURE_MILLISECONDS = 30_000;

/**
 * Keeps an instance protected from scale-in while it is busy.
 *
 * It is called for each message, and calls Auto Scaling where something changes: once when work begins, once when there has been
 * none for a whole request that waited for it. A failure is logged and otherwise of no consequence: an instance that is chosen all the same has
 * its hook to finish under.
 */
export class BusyProtection {
  private wanted = false;
  /** Undefined until known: an earlier process may have been killed in the middle of its work. */
  private actual: boolean | undefined;
  private calling: Promise<void> | undefined;
  private notBefore = 0;

  constructor(
    private readonly member: Pick<GroupMember, 'setProtected'>,
    private readonly logger: Pick<WorkerLogger, 'warn'>,
  ) {}

  /** There is work, or there is none any more. Does not wait for Auto Scaling. */
  public set(isBusy: boolean): void {
    this.wanted = isBusy;
    this.calling ??= this.reconcile().finally(() => {
      this.calling = undefined;
    });
  }

  /** Takes the protection away, as far as that is possible, and waits for it. */
  public async end(): Promise<void> {
    await this.calling;
    this.notBefore = 0;
    this.set(false);
    await this.calling;
  }

  private async reconcile(): Promise<void> {
    while (this.actual !== this.wanted && Date.now() >= this.notBefore) {
      const next = this.wanted;
      try {
        await this.member.setProtected(next);
        this.actual = next;
      } catch (error) {
        this.notBefore = Date.now() + PAUSE_AFTER_FAILURE_MILLISECONDS;
        this.logger.warn('The protection from scale-in could not be changed', {
          protected: next,
          error,
        });
      }
    }
  }
}
