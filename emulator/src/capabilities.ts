import type { SupportedType } from './cloudformation/provider-registry';
import type { Service } from './services/service';

/** Which operations of a service there are. */
export interface ServiceCapabilities {
  /** Its name in credential scopes, such as `sqs`. */
  readonly service: string;
  readonly implemented: readonly string[];
  /** Operations of AWS that answer `NotImplemented`. */
  readonly notImplemented: readonly string[];
}

/** What an emulator can do. */
export interface Capabilities {
  readonly services: readonly ServiceCapabilities[];
  /** Types that templates may use; any other fails the deployment. */
  readonly resourceTypes: readonly SupportedType[];
}

/** The capabilities of one service; loads its SDK client. */
export function serviceCapabilities(service: Service): ServiceCapabilities {
  const operations = Object.keys(service.loadClient())
    .filter((name) => name.endsWith('Command') && !name.startsWith('$'))
    .map((name) => name.slice(0, -'Command'.length))
    .sort();
  const handlers: object = service.handlers;
  return {
    service: service.signingName,
    implemented: operations.filter((name) => name in handlers),
    notImplemented: operations.filter((name) => !(name in handlers)),
  };
}
