import type { Message } from './messages';

/**
 * Keeps the order within the message groups of a batch: each message waits for the one before it in its group, and is not begun if that
 * one failed.
 *
 * SQS delivers no more of a group while one of its messages is hidden, so a batch is all there is to look after.
 */
export class FifoOrder {
  private readonly last = new Map<string, Promise<boolean>>();

  /**
   * Runs `work` in its turn; for messages without a group at once.
   *
   * @returns false if the message was not begun, as one before it failed
   */
  public async inTurn(message: Message, work: () => Promise<void>): Promise<boolean> {
    const group = message.Attributes.MessageGroupId;
    if (group === undefined) {
      await work();
      return true;
    }
    const before = this.last.get(group);
    const own = this.after(before, work);
    const settled = own.then(
      (begun) => begun,
      () => false,
    );
    this.last.set(group, settled);
    try {
      return await own;
    } finally {
      if (this.last.get(group) === settled) {
        this.last.delete(group);
      }
    }
  }

  private async after(
    before: Promise<boolean> | undefined,
    work: () => Promise<void>,
  ): Promise<boolean> {
    if (before !== undefined && !(await before)) {
      return false;
    }
    await work();
    return true;
  }
}
