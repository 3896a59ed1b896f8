import type { Service, ServiceEnvironment } from '../service';
import { busEvent } from './bus-event';
import { forwardToBus } from './bus-forwarding';
import { busOperations } from './bus-operations';
import { Deliveries } from './deliveries';
import { EventBus } from './event-bus';
import { EventBridgeState } from './eventbridge-state';
import { Ingestion } from './ingestion';
import { defaultBus } from './names';
import { putEventsOperation } from './put-events-operation';
import { eventBridgeResources } from './resources';
import { ruleOperations } from './rule-operations';
import { Rules } from './rules';
import { Schedules } from './schedules';
import { tagOperations } from './tag-operations';
import { targetOperations } from './target-operations';
import type { TargetServices } from './target-services';

export type { TargetServices } from './target-services';

type EventBridgeClientModule = typeof import('@aws-sdk/client-eventbridge');

/** An event of an AWS service, for the default bus of an account. */
export interface ServiceEvent {
  readonly account: string;
  readonly region: string;
  /** Such as `aws.s3`. */
  readonly source: string;
  readonly detailType: string;
  /** ARNs. */
  readonly resources: readonly string[];
  readonly detail: object;
  /** Emulated milliseconds since the epoch. */
  readonly time: number;
}

/** Amazon EventBridge: event buses and rules. */
export interface EventBridgeService extends Service<EventBridgeClientModule> {
  /** Takes an event of another service. @returns its id, by which the journal knows it */
  publish(event: ServiceEvent): string;
}

/** Makes EventBridge. */
export function createEventBridge(
  environment: ServiceEnvironment,
  targets: TargetServices,
): EventBridgeService {
  const { clock, random } = environment;
  const state = new EventBridgeState(environment);
  const deliveries = new Deliveries(environment, {
    ...targets,
    buses: {
      forward: (rule, arn, event, caller) =>
        forwardToBus(state, ingestion, rule, arn, event, caller),
    },
  });
  const ingestion = new Ingestion(environment, deliveries);
  const schedules = new Schedules(environment, deliveries);
  const rules = new Rules(state, schedules);
  return {
    signingName: 'events',
    loadClient: (): EventBridgeClientModule => require('@aws-sdk/client-eventbridge'),
    handlers: {
      ...busOperations(state),
      ...ruleOperations(state, rules),
      ...targetOperations(state, rules),
      ...putEventsOperation(state, ingestion),
      ...tagOperations(state),
    },
    resourceProviders: eventBridgeResources({ state, rules }),
    resourceRights(arn) {
      const found = state.find(arn);
      if (!found) return undefined;
      const bus = found instanceof EventBus ? found : found.bus;
      const { account } = bus.address;
      const policy = found === bus ? bus.policy.text : undefined;
      return { account, policies: policy === undefined ? [] : [policy], tags: found.tags };
    },
    publish({ account, region, source, detailType, resources, detail, time }) {
      const bus = state.bus({ account, region, name: defaultBus });
      const id = random.stream(`events/${bus.arn}/${source}`).uuid();
      const content = { id, 'detail-type': detailType, source, account, region, resources };
      ingestion.ingest(bus, busEvent({ ...content, detail, time }, clock.now()));
      return id;
    },
    leaks: () => state.leaks(),
    async stop() {
      schedules.stopAll();
    },
  };
}
