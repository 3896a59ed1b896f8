import type { ServiceEnvironment } from '../service';
import {
  invalidParameterValue,
  invalidValue,
  queueDeletedRecently,
  queueNameExists,
} from './errors';
import type { SqsFaults } from './faults';
import { FifoQueue } from './fifo-queue';
import type { QueueSurroundings } from './message-flow';
import { MoveTask } from './move-task';
import { checkQueueName, parseQueueArn, type QueueAddress, queueArn } from './names';
import type { Queue } from './queue';
import { QueueAttributes } from './queue-attributes';
import { allowsSource, parseRedrivePolicy } from './redrive-policy';
import { StandardQueue } from './standard-queue';

/** For so long after a queue was deleted its name cannot be used again. */
const deletedRecently = 60_000;

/** How many move tasks of a queue are remembered. */
const tasksKept = 10;

/** The queues of one account in one region, by name. */
export class QueueRegistry {
  private readonly queues = new Map<string, Queue>();
  private readonly deletedAt = new Map<string, number>();
  private readonly tasks = new Map<string, MoveTask[]>();

  constructor(
    private readonly account: string,
    private readonly region: string,
    private readonly environment: Pick<
      ServiceEnvironment,
      'clock' | 'journal' | 'metrics' | 'random'
    >,
    private readonly faults: SqsFaults,
    private readonly find: (arn: string) => Queue | undefined,
    private readonly created: (queue: Queue) => void,
  ) {}

  get(name: string): Queue | undefined {
    return this.queues.get(name);
  }

  /** Queues in the order of their names. */
  list(prefix = ''): Queue[] {
    return [...this.queues.values()]
      .filter(({ address }) => address.name.startsWith(prefix))
      .sort((a, b) => (a.address.name < b.address.name ? -1 : 1));
  }

  /**
   * Creates a queue, or finds the one of that name if the attributes that are given are the same.
   *
   * @throws QueueAlreadyExists, QueueDeletedRecently, or what is wrong with name, attributes or tags.
   */
  create(
    name: string,
    attributes: Readonly<Record<string, string>>,
    tags: Readonly<Record<string, string>>,
  ): Queue {
    const fifo = attributes.FifoQueue === 'true';
    checkQueueName(name, fifo);
    const existing = this.queues.get(name);
    if (existing) {
      const difference = existing.attributes.difference(attributes);
      if (difference !== undefined) throw queueNameExists(difference);
      return existing;
    }
    const { clock, journal, metrics, random } = this.environment;
    if (clock.now() < (this.deletedAt.get(name) ?? Number.NEGATIVE_INFINITY) + deletedRecently) {
      throw queueDeletedRecently();
    }
    const address: QueueAddress = { account: this.account, region: this.region, name };
    const arn = queueArn(address);
    const checked = new QueueAttributes(fifo, attributes);
    this.checkRedrive(arn, fifo, attributes);
    const surroundings: QueueSurroundings = {
      clock,
      journal,
      metrics,
      random: random.stream(`sqs/${arn}`),
      faults: this.faults,
      find: this.find,
    };
    const queue = fifo
      ? new FifoQueue(address, checked, surroundings)
      : new StandardQueue(address, checked, surroundings);
    tagQueue(queue, tags);
    this.queues.set(name, queue);
    this.deletedAt.delete(name);
    this.created(queue);
    return queue;
  }

  setAttributes(queue: Queue, changes: Readonly<Record<string, string>>): void {
    // What is wrong with a value is said before what is wrong with the queue it names.
    new QueueAttributes(queue.fifo, Object.fromEntries(queue.attributes.entries())).set(changes);
    this.checkRedrive(queue.arn, queue.fifo, changes);
    queue.setAttributes(changes);
  }

  /** Deletes a queue. `nameStaysFree`: a queue of that name may be created at once. */
  delete(queue: Queue, nameStaysFree = false): void {
    this.queues.delete(queue.address.name);
    if (!nameStaysFree) this.deletedAt.set(queue.address.name, this.environment.clock.now());
    queue.close();
    for (const task of this.tasks.get(queue.arn) ?? []) {
      task.fail('AWS.SimpleQueueService.NonExistentQueue');
    }
    this.tasks.delete(queue.arn);
  }

  /** Queues that have `arn` as their dead-letter queue. */
  deadLetterSources(arn: string): Queue[] {
    return this.list().filter(
      (queue) => queue.attributes.redrivePolicy?.deadLetterTargetArn === arn,
    );
  }

  /** A queue's move tasks, the latest first. */
  moveTasks(source: Queue): readonly MoveTask[] {
    return this.tasks.get(source.arn) ?? [];
  }

  /** Starts to move a dead-letter queue's messages. */
  startMoveTask(source: Queue, destination: Queue | undefined, rate: number | undefined): MoveTask {
    const tasks = this.moveTasks(source);
    if (tasks.some((task) => task.status === 'RUNNING')) {
      throw invalidParameterValue(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const { clock, journal, random } = this.environment;
    const id = random.stream(`sqs/move-tasks/${source.arn}`).uuid();
    const task = new MoveTask({ id, source, destination, rate, find: this.find }, clock, journal);
    this.tasks.set(source.arn, [task, ...tasks].slice(0, tasksKept));
    return task;
  }

  /** Ends everything. */
  close(): void {
    for (const tasks of this.tasks.values()) for (const task of tasks) task.cancel();
    for (const queue of this.queues.values()) queue.close();
  }

  /** Checks that a new RedrivePolicy names a queue that exists, is of the same kind and lets itself be used. */
  private checkRedrive(
    arn: string,
    fifo: boolean,
    changes: Readonly<Record<string, string>>,
  ): void {
    const text = changes.RedrivePolicy;
    if (!text) return;
    const refuse = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
    const { deadLetterTargetArn } = parseRedrivePolicy(text);
    const target = parseQueueArn(deadLetterTargetArn);
    if (target?.account !== this.account) {
      throw refuse('Dead letter target owner should be same as the source.');
    }
    if (target.region !== this.region) {
      throw refuse('Dead-letter target region should be same as the source.');
    }
    const queue = this.queues.get(target.name);
    if (!queue) throw refuse('Dead letter target does not exist.');
    if (queue.fifo !== fifo) {
      throw refuse('Dead-letter queue must be same type of queue as the source.');
    }
    if (!allowsSource(queue.attributes.redriveAllowPolicy, arn)) {
      throw refuse(
        `Queue ${arn} does not have permission to use ${deadLetterTargetArn} as its dead-letter queue.`,
      );
    }
  }
}

/**
 * Adds tags to a queue: at most 50 in all, keys of 1 to 128 and values of up to 256 characters.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html
 */
export function tagQueue(queue: Queue, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128 || /^aws:/i.test(key)) {
      throw invalidValue(key, 'Tag.Key', 'Must be 1 to 128 characters and not start with aws:.');
    }
    if (value.length > 256) {
      throw invalidValue(value, 'Tag.Value', 'Must be up to 256 characters.');
    }
  }
  const keys = new Set([...queue.tags.keys(), ...Object.keys(tags)]);
  if (keys.size > 50) {
    throw invalidParameterValue(`Too many tags added for queue ${queue.address.name}.`);
  }
  for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
}
