import type { Caller } from '../iam/caller';

/** A message that was received. */
export interface WorkerMessage {
  readonly messageId: string;
  readonly body: string;
  readonly receiptHandle: string;
  /** How often it has been received by now, this time included. */
  readonly receiveCount: number;
  /** ARN of its queue. */
  readonly queueArn: string;
  /** What SQS itself says of it, such as `SentTimestamp`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Texts of its message attributes. */
  readonly messageAttributes: Readonly<Record<string, string>>;
}

/** How a receive waits for its first message. */
export interface ReceiveWait {
  /** Ends it early, with no message. */
  readonly signal: AbortSignal;
  /** Waits, with a function that ends the wait with a value. */
  park<T>(wait: (wake: (value: T) => void) => void): Promise<T>;
}

/** Queues, as far as workers need them. Times are in milliseconds. */
export interface WorkerQueues {
  /** @returns the id of the message @throws ServiceError what SendMessage does */
  send(queueUrl: string, region: string, body: string, caller: Caller): string | undefined;
  /** @throws ServiceError what ReceiveMessage does */
  receive(
    request: {
      readonly queueUrl: string;
      readonly region: string;
      readonly maxMessages: number;
      readonly wait: number;
      readonly visibilityTimeout?: number;
    },
    caller: Caller,
    wait: ReceiveWait,
  ): Promise<WorkerMessage[]>;
  /** @throws ServiceError what DeleteMessage does */
  delete(message: WorkerMessage, caller: Caller): void;
  /** @throws ServiceError what ChangeMessageVisibility does */
  changeVisibility(message: WorkerMessage, milliseconds: number, caller: Caller): void;
  /** For how long the queue of a message hides what is received. */
  visibilityTimeout(message: WorkerMessage): number | undefined;
}

/** An instance of a group. */
export interface WorkerMember {
  readonly instanceId: string;
  readonly zone: string;
  readonly phase: 'coming' | 'in service' | 'leaving' | 'standby';
}

/** A group, as far as the programs on its instances need it. */
export interface WorkerGroup {
  readonly name: string;
  readonly place: { readonly account: string; readonly region: string };
  members(): readonly WorkerMember[];
  onChange(listener: () => void): () => void;
  /** @throws ServiceError what SetInstanceProtection does */
  protect(instanceId: string, isProtected: boolean, caller: Caller): void;
  /** Lets the instance go that lifecycle hooks hold. @throws ServiceError what CompleteLifecycleAction does */
  finish(instanceId: string, caller: Caller): void;
}

/** What has become of the machine behind an instance. */
export type MachineState = 'down' | 'frozen' | 'up';

/** The machines that programs run on. */
export interface WorkerMachines {
  /** `down` for an instance that is not running. */
  state(instanceId: string, place: WorkerGroup['place']): MachineState;
  /** ARN of the role of an instance's profile; undefined if it has none. */
  roleArn(instanceId: string, place: WorkerGroup['place']): string | undefined;
  onChange(listener: (instanceId: string) => void): () => void;
}
