import type { CustomResourceCallbacks } from '../cloudformation/custom-resource-callbacks';
import type { Gateway } from '../gateway/gateway';
import type { ElbService } from '../services/elb';
import type { FirehoseEndpoints } from '../services/firehose';
import type { SnsService } from '../services/sns';

/** Path of the answers of custom resources, below `/_emulator/`. */
export const customResourcePath = 'custom-resource';

/** Whose routes there are. */
export interface RoutedServices {
  readonly customResources: CustomResourceCallbacks;
  readonly elb: Pick<ElbService, 'localListeners'>;
  readonly firehoseEndpoints: FirehoseEndpoints;
  readonly sns: Pick<SnsService, 'outbox'>;
}

/** Has the gateway take what functions behind custom resources answer, and show what only an emulator has to show. */
export function addServiceRoutes(
  gateway: Gateway,
  { customResources, elb, firehoseEndpoints, sns }: RoutedServices,
): void {
  gateway.addControlRoute('PUT', customResourcePath, ({ query, body }) => {
    const known = customResources.respond(query.get('token') ?? '', JSON.stringify(body));
    return known ? { body: {} } : { status: 404, body: { message: 'Nobody waits for this' } };
  });
  gateway.addControlRoute('GET', 'firehose', ({ query }) => ({
    body: { captured: firehoseEndpoints.captured(query.get('deliveryStream') ?? undefined) },
  }));
  gateway.addControlRoute('DELETE', 'firehose', () => {
    firehoseEndpoints.clear();
    return { body: {} };
  });
  gateway.addControlRoute('GET', 'load-balancers', async () => ({
    body: { listeners: await elb.localListeners() },
  }));
  gateway.addControlRoute('GET', 'outbox', () => ({ body: { entries: sns.outbox.entries() } }));
  gateway.addControlRoute('DELETE', 'outbox', () => {
    sns.outbox.clear();
    return { body: {} };
  });
}
