import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { escapeXml } from '../../protocol/xml';
import { brokerElement, type MemberPlace } from './broker-xml';
import { isEndOf, isStartOf, portOf } from './log';
import type { FailoverTiming } from './settings';
import { exchangeOverStomp } from './stomp-exchange';

/** The one that is used, and the one that reads the journal of the first, as a standby does that of a broker that was killed. */
const [used, recovering] = ['rehearsal', 'rehearsal-of-recovery'] as const;

const username = 'rehearsal';

/**
 * What a takeover costs a standby, in seconds of CPU time with 1,000 messages in the journal: 0.14 after these, and about
 * the same after twice as many, 0.18 after a single one, and 0.32 where no journal was read before.
 */
const messages = 100;

/** In milliseconds. Generous: the broker answers within a tenth of a second on a machine that has nothing else to do. */
const silence = 15_000;

/** Nobody else wants the lock; and a broker that writes its index now and then ends no sooner than the next time comes. */
const timing: FailoverTiming = {
  acquireSleepInterval: 1,
  checkpointInterval: 0,
  keepAlivePeriod: 0,
};

/** What a rehearsal has of the process in which it takes place. */
export interface Stage {
  /** Ends the process's standard input: the thread that starts its beans waits for that. */
  proceed(): void;
  /** Ends the process. */
  giveUp(): void;
}

/**
 * What a standby does before it waits for the lock, with brokers of its own: on a store that nobody else has, and on
 * ports that nobody knows. A JVM is slow the first time it does something, and most of what a standby does when it takes
 * over is that first time: its store, its connectors, the first client's TLS handshake and message.
 *
 * A client sends messages to the first broker and receives them; the second one rebuilds the index of the same store from
 * the journal.
 */
export class Rehearsal {
  private readonly directory: string;
  private stompPort = 0;
  private over = false;
  private error: Error | undefined;

  constructor(
    private readonly place: MemberPlace,
    private readonly stage: Stage,
  ) {
    this.directory = join(place.data, 'rehearsal');
    this.clear();
  }

  /** Whether it has ended, and the member's own broker says the rest. */
  get isOver(): boolean {
    return this.over;
  }

  /** Why it was given up. */
  get failure(): Error | undefined {
    return this.error;
  }

  /** Beans that start, use and stop its brokers one after the other, to come before the one that rehearses. */
  xml(): string {
    return [
      this.broker(used),
      // The thread that starts the beans waits here until there is something to read, or nothing any more.
      '<bean id="java.lang.System.in" class="org.springframework.beans.factory.config.FieldRetrievingFactoryBean"/>',
      invocation('java.lang.System.in', 'read'),
      invocation(`${used}-broker`, 'stop'),
      this.broker(recovering),
      invocation(`${recovering}-broker`, 'stop'),
    ].join('\n');
  }

  /** Takes a line that the member has printed. */
  read(line: string): void {
    this.stompPort ||= portOf('stomp+ssl', line) ?? 0;
    if (isStartOf(used, line)) void this.perform();
    if (!isEndOf(recovering, line)) return;
    this.over = true;
    this.clear();
  }

  private async perform(): Promise<void> {
    try {
      await exchangeOverStomp({
        port: this.stompPort,
        username,
        password: this.place.managementToken,
        messages,
        silence,
      });
      this.stage.proceed();
    } catch (error) {
      this.error = new Error('the rehearsal of a standby failed', { cause: error });
      this.stage.giveUp();
    }
  }

  private broker(brokerName: string): string {
    const store = join(this.directory, 'store');
    return brokerElement(
      `${brokerName}-`,
      {
        ...this.place,
        brokerName,
        data: this.directory,
        ports: { openwire: 0, amqp: 0, stomp: 0, mqtt: 0, wss: 0, management: 0 },
        store,
      },
      {
        users: [{ username, password: this.place.managementToken, groups: [] }],
        configuration: configuration(store, brokerName === recovering),
      },
      timing,
    );
  }

  private clear(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Both stores write their index at their end only. */
function configuration(store: string, recovers: boolean): string {
  return `<broker>
  <persistenceAdapter><kahaDB cleanupInterval="0" forceRecoverIndex="${recovers}"/></persistenceAdapter>
  <jobSchedulerStore><bean xmlns="http://www.springframework.org/schema/beans" class="org.apache.activemq.store.kahadb.scheduler.JobSchedulerStoreImpl">
    <property name="directory" value="${escapeXml(store)}/scheduler"/><property name="checkpointInterval" value="0"/><property name="cleanupInterval" value="0"/>
  </bean></jobSchedulerStore>
</broker>`;
}

function invocation(bean: string, method: string): string {
  return `<bean class="org.springframework.beans.factory.config.MethodInvokingBean"><property name="targetObject" ref="${bean}"/><property name="targetMethod" value="${method}"/></bean>`;
}
