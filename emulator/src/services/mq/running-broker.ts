import type { BrokerMember, BrokerSettings, LogKind } from '../../engines/brokers';
import type { Engine } from './catalog';

/** One process of a broker, as far as Amazon MQ and its faults need it. */
export type RunningMember = Pick<BrokerMember, 'endpoints' | 'pid' | 'state' | 'statistics'>;

/** The processes of a broker, whatever its engine. */
export interface RunningBroker {
  readonly members: readonly RunningMember[];
  readonly active: RunningMember | undefined;
  /** Where clients connect to: one list for each address that Amazon MQ tells of. */
  endpoints(): string[][];
  /** Where the web console of each of these addresses is; none if the engine has none. */
  consoleUrls(): string[];
  /** Starts what does not run and may. */
  start(): Promise<void>;
  whenActive(): Promise<RunningMember>;
  /** Calls `listener` whenever a member has changed its state. Returns the function that ends it. */
  onChange(listener: () => void): () => void;
  reboot(settings: BrokerSettings): Promise<void>;
  kill(member?: RunningMember): Promise<void>;
  loseMember(member: RunningMember): Promise<void>;
  restoreMember(member: RunningMember): Promise<void>;
  cutNetwork(member?: RunningMember): Promise<void>;
  isolate(member?: RunningMember): Promise<void>;
  restoreNetwork(): Promise<void>;
  loseStorage(): Promise<void>;
  restoreStorage(): Promise<void>;
  /** Ends it; messages stay in its store. */
  remove(): Promise<void>;
}

/** What a broker is started with. */
export interface StartRequest extends BrokerSettings {
  readonly engine: Engine;
  readonly engineVersion: string;
  readonly id: string;
  readonly brokerName: string;
  readonly members: number;
  /** Directory of its messages. */
  readonly store: string;
  readonly secret: string;
  readonly onLog: (member: number, kind: LogKind, message: string) => void;
}

/** Where brokers run: real programs on this machine. */
export interface BrokerEngines {
  /** @throws Error if there is no program to run it with, saying what to do, or it does not start. */
  start(request: StartRequest): Promise<RunningBroker>;
  /** Ends all that run. */
  stop(): Promise<void>;
}
