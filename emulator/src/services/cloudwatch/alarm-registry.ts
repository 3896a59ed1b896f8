import type { Clock, Timer } from '../../clock/clock';
import type { MetricPlace } from '../../metrics/metric-sink';
import type { MetricStore } from '../../metrics/metric-store';
import { ServiceError } from '../../protocol/errors';
import { Alarm, type StateRecord } from './alarm';
import type { AlarmActions } from './alarm-actions';
import { AlarmHistory } from './alarm-history';
import type { AlarmDefinition } from './alarm-settings';

const fast = 10_000;
const minute = 60_000;

/** The alarms of an account in a region, evaluated on the clock for as long as there are any. */
export class AlarmRegistry {
  readonly history = new AlarmHistory();
  private readonly alarms = new Map<string, Alarm>();
  private timer: Timer | undefined;

  constructor(
    readonly place: MetricPlace,
    private readonly clock: Clock,
    private readonly store: MetricStore,
    private readonly actions: AlarmActions,
  ) {}

  find(name: string): Alarm | undefined {
    return this.alarms.get(name);
  }

  /** @throws ServiceError ResourceNotFound */
  get(name: string): Alarm {
    const alarm = this.alarms.get(name);
    if (!alarm) throw new ServiceError('ResourceNotFound', `Unknown alarm ${name}`);
    return alarm;
  }

  /** In the order of their names. */
  list(): Alarm[] {
    return [...this.alarms.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Makes an alarm, or gives the one of that name other settings. */
  put(definition: AlarmDefinition): Alarm {
    const now = this.clock.now();
    const { AlarmName: name } = definition.settings;
    let alarm = this.alarms.get(name);
    const summary = alarm ? `Alarm "${name}" updated` : `Alarm "${name}" created`;
    if (alarm) alarm.configure(definition, now);
    else {
      alarm = new Alarm(this.place, definition, now);
      this.alarms.set(name, alarm);
    }
    this.configured(alarm, summary);
    this.schedule();
    return alarm;
  }

  delete(name: string): void {
    const alarm = this.alarms.get(name);
    if (!alarm) return;
    this.alarms.delete(name);
    this.configured(alarm, `Alarm "${name}" deleted`);
    this.schedule();
  }

  setState(alarm: Alarm, state: StateRecord): void {
    const before = alarm.setState(state);
    if (!before) return;
    this.history.add({
      alarmName: alarm.name,
      timestamp: state.updatedAt,
      kind: 'StateUpdate',
      summary: `Alarm updated from ${before.value} to ${state.value}`,
      data: JSON.stringify({
        version: '1.0',
        oldState: historicState(before),
        newState: historicState(state),
      }),
    });
    this.actions.run({ alarm, from: before, to: state }, this.history);
  }

  /** Ends the evaluations. */
  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private configured(alarm: Alarm, summary: string): void {
    this.history.add({
      alarmName: alarm.name,
      timestamp: this.clock.now(),
      kind: 'ConfigurationUpdate',
      summary,
      data: JSON.stringify({ version: '1.0', type: summary.split(' ').at(-1) }),
    });
  }

  private schedule(): void {
    this.close();
    if (this.alarms.size === 0) return;
    const interval = [...this.alarms.values()].some(({ isFast }) => isFast) ? fast : minute;
    const next = (Math.floor(this.clock.now() / interval) + 1) * interval;
    this.timer = this.clock.at(
      next,
      `alarms of ${this.place.account} in ${this.place.region}`,
      () => {
        this.evaluate(next);
        this.schedule();
      },
    );
  }

  /** @param now - the whole minute (or ten seconds) that an accelerated clock may have passed by a little */
  private evaluate(now: number): void {
    this.store.collect();
    for (const alarm of this.alarms.values()) {
      if (!alarm.isDue(now)) continue;
      const state = alarm.evaluate(this.store, now);
      if (state) this.setState(alarm, state);
      else if (now % minute === 0) this.actions.repeat(alarm);
    }
  }
}

function historicState({ reason, reasonData, value }: StateRecord): object {
  return {
    stateValue: value,
    stateReason: reason,
    ...(reasonData !== undefined && { stateReasonData: JSON.parse(reasonData) }),
  };
}
