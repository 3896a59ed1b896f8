import { NotImplementedError, ServiceError } from '../protocol/errors';
import type { WireRequest } from '../protocol/message';
import { protocols } from '../protocol/protocols';
import { formOf } from '../protocol/query-rpc';
import type { ProtocolName } from '../protocol/service-model';
import type { WireProtocol } from '../protocol/wire-protocol';
import type { CredentialScope } from './credential-scope';
import type { BoundOperation, ServiceEntry } from './service-entry';

/** Where a request goes, and in which protocol it is answered. */
export interface Route {
  readonly protocol: WireProtocol;
  /** Undefined if no registered service could be made out. */
  readonly entry: ServiceEntry | undefined;
  /** The operation, or why there is none. */
  readonly target: BoundOperation | ServiceError;
}

/** Finds service and operation of a request: by its target header, its path, its form or its credential scope. */
export class Router {
  private readonly byName = new Map<string, ServiceEntry>();
  private readonly byTarget = new Map<string, ServiceEntry>();
  private readonly targetRoutes = new Map<string, Route>();

  constructor(entries: readonly ServiceEntry[]) {
    for (const entry of entries) {
      const { signingName, target } = entry.model;
      if (this.byName.has(signingName))
        throw new Error(`The service ${signingName} is registered twice`);
      this.byName.set(signingName, entry);
      this.byTarget.set(target, entry);
    }
  }

  route(request: WireRequest, scope: CredentialScope): Route {
    const target = request.headers['x-amz-target'];
    if (target !== undefined) return this.routeTarget(target);
    if (isForm(request)) {
      const form = formOf(request);
      const action = form.get('Action');
      if (action !== null) return this.routeAction(action, form.get('Version') ?? '', scope);
    }
    const what =
      scope.service === undefined
        ? `${request.method} ${request.path}`
        : `the service ${scope.service}`;
    return this.nowhere('awsQuery', new NotImplementedError(what));
  }

  /** Targets are few and come often: what they lead to is kept. */
  private routeTarget(target: string): Route {
    let route = this.targetRoutes.get(target);
    if (!route) {
      const dot = target.lastIndexOf('.');
      const entry = this.byTarget.get(target.slice(0, dot));
      if (!entry)
        return this.nowhere('awsJson1_1', new NotImplementedError(`the operation ${target}`));
      route = this.toOperation(entry, ['awsJson1_0', 'awsJson1_1'], target.slice(dot + 1));
      if (!(route.target instanceof ServiceError)) this.targetRoutes.set(target, route);
    }
    return route;
  }

  private routeAction(action: string, version: string, scope: CredentialScope): Route {
    const entry =
      scope.service === undefined
        ? [...this.byName.values()].find(
            ({ model }) => model.version === version && speaks(model.protocols, formProtocols),
          )
        : this.byName.get(scope.service);
    if (!entry) {
      const service = scope.service ?? `version ${version}`;
      return this.nowhere(
        'awsQuery',
        new NotImplementedError(`the operation ${action} of ${service}`),
      );
    }
    return this.toOperation(entry, formProtocols, action);
  }

  private toOperation(entry: ServiceEntry, spoken: readonly ProtocolName[], name: string): Route {
    const protocolName = entry.model.protocols.find((protocol) => spoken.includes(protocol));
    const protocol = protocolName && protocols[protocolName];
    if (!protocol) {
      const error = new NotImplementedError(`${spoken[0]} for ${entry.model.signingName}`);
      return this.nowhere(spoken[0] ?? 'awsQuery', error);
    }
    const target = entry.operation(name) ?? unknownOperation(entry, protocolName, name);
    return { protocol, entry, target };
  }

  private nowhere(protocolName: ProtocolName, target: ServiceError): Route {
    const protocol = protocols[protocolName];
    if (!protocol) throw new Error(`The protocol ${protocolName} is not known`);
    return { protocol, entry: undefined, target };
  }
}

const formProtocols: readonly ProtocolName[] = ['awsQuery', 'ec2Query'];

function speaks(protocolNames: readonly ProtocolName[], wanted: readonly ProtocolName[]): boolean {
  return protocolNames.some((name) => wanted.includes(name));
}

function isForm(request: WireRequest): boolean {
  return (
    request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true ||
    /(^|&)Action=/.test(request.query)
  );
}

/** As AWS words it: JSON services by UnknownOperationException, query services by InvalidAction. */
function unknownOperation(
  entry: ServiceEntry,
  protocol: ProtocolName | undefined,
  name: string,
): ServiceError {
  if (protocol === 'awsQuery' || protocol === 'ec2Query')
    return new ServiceError(
      'InvalidAction',
      `Could not find operation ${name} for version ${entry.model.version}`,
    );
  return new ServiceError('UnknownOperationException', `The operation ${name} is not known`);
}
