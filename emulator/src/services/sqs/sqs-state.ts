import type { Caller } from '../../iam/caller';
import type { CallContext } from '../../protocol/handlers';
import type { UsableKeys } from '../key-use';
import { Regional, type ServiceEnvironment } from '../service';
import { queueDoesNotExist } from './errors';
import { SqsFaults } from './faults';
import { parseQueueArn, parseQueueUrl, queueArn } from './names';
import type { Queue } from './queue';
import { QueueEncryption } from './queue-encryption';
import { QueueRegistry } from './queue-registry';
import { ReceivableListeners } from './receivable-listeners';

/** All queues of all accounts and regions, and the faults that hit them. */
export class SqsState {
  readonly faults: SqsFaults;
  readonly encryption: QueueEncryption;
  readonly listeners = new ReceivableListeners((arn) => this.find(arn));
  private readonly registries: Regional<QueueRegistry>;

  constructor(
    readonly environment: ServiceEnvironment,
    keys?: UsableKeys,
  ) {
    this.encryption = new QueueEncryption(environment.authorize, keys);
    this.faults = new SqsFaults(environment.random);
    this.registries = new Regional(
      (account, region) =>
        new QueueRegistry(
          account,
          region,
          environment,
          this.faults,
          (arn) => this.find(arn),
          (queue) => this.listeners.created(queue),
        ),
    );
  }

  in(account: string, region: string): QueueRegistry {
    return this.registries.in(account, region);
  }

  registryOf(queue: Queue): QueueRegistry {
    return this.in(queue.address.account, queue.address.region);
  }

  all(): QueueRegistry[] {
    return this.registries.all();
  }

  /** The queue of that ARN, if it exists. */
  find(arn: string): Queue | undefined {
    const address = parseQueueArn(arn);
    return address && this.in(address.account, address.region).get(address.name);
  }

  /**
   * Does what a call asks of the queue that its URL names: authorization first, then faults, then whether
   * the queue exists.
   */
  withQueue<T>(
    context: CallContext,
    url: string,
    action: string,
    run: (queue: Queue) => T | Promise<T>,
  ): T | Promise<T> {
    const arn = queueArn(parseQueueUrl(url, context.region));
    this.hideMissing(arn, context.caller);
    context.authorize(`sqs:${action}`, arn);
    return this.afterLatency(context, arn, () => {
      this.faults.checkThrottle(arn, context.operation);
      const queue = this.find(arn);
      if (!queue) throw queueDoesNotExist();
      return run(queue);
    });
  }

  /**
   * Only its account could tell a queue that is missing from one that may not be used: to everybody else it does not exist.
   *
   * @throws QueueDoesNotExist
   */
  hideMissing(arn: string, caller: Caller): void {
    const own = caller.kind !== 'service' && parseQueueArn(arn)?.account === caller.account;
    if (!own && !this.find(arn)) throw queueDoesNotExist();
  }

  private afterLatency<T>(
    context: CallContext,
    arn: string,
    run: () => T | Promise<T>,
  ): T | Promise<T> {
    const latency = this.faults.latencyOf(arn, context.operation);
    if (latency === 0) return run();
    const { clock } = this.environment;
    return context
      .park<void>((wake) => {
        clock.after(latency, `latency of ${context.operation} on ${arn}`, () => wake(undefined));
      })
      .then(run);
  }
}
