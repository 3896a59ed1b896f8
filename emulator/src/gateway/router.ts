import { awsCborFormat } from '../protocol/document-format';
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

const jsonProtocols: readonly ProtocolName[] = ['awsJson1_0', 'awsJson1_1'];
const cborProtocols: readonly ProtocolName[] = ['awsCbor1_1'];
const formProtocols: readonly ProtocolName[] = ['awsQuery', 'ec2Query'];
const restProtocols: readonly ProtocolName[] = ['restJson1', 'restXml'];

/** Finds service and operation of a request: by its target header, its path, its form or its credential scope. */
export class Router {
  private readonly byName = new Map<string, ServiceEntry>();
  private readonly byTarget = new Map<string, ServiceEntry>();
  private readonly jsonRoutes = new Map<string, Route>();
  private readonly cborRoutes = new Map<string, Route>();

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
    if (target !== undefined)
      return request.headers['content-type'] === awsCborFormat.contentType
        ? this.routeTarget(target, cborProtocols, this.cborRoutes)
        : this.routeTarget(target, jsonProtocols, this.jsonRoutes);
    const [, service, operation] =
      /^\/service\/([^/]+)\/operation\/([^/]+)\/?$/.exec(request.path) ?? [];
    if (service !== undefined && operation !== undefined && request.headers['smithy-protocol'])
      return this.routeByName(service, operation, ['rpcv2Cbor']);
    const scoped = scope.service === undefined ? undefined : this.byName.get(scope.service);
    const entry = scope.service === undefined ? this.anonymousEntry(request) : scoped;
    const rest = entry?.model.protocols.find((name) => restProtocols.includes(name));
    if (entry && rest) return routeRest(entry, rest, request);
    if (isForm(request)) {
      const form = formOf(request);
      const action = form.get('Action');
      if (action !== null) return this.routeAction(action, form.get('Version') ?? '', scope);
    }
    return this.nothing(request, scope, entry);
  }

  /** Targets are few and come often: what they lead to is kept. */
  private routeTarget(
    target: string,
    spoken: readonly ProtocolName[],
    kept: Map<string, Route>,
  ): Route {
    let route = kept.get(target);
    if (!route) {
      const dot = target.lastIndexOf('.');
      route = this.routeByName(target.slice(0, dot), target.slice(dot + 1), spoken);
      if (!(route.target instanceof ServiceError)) kept.set(target, route);
    }
    return route;
  }

  private routeByName(
    targetName: string,
    operation: string,
    spoken: readonly [ProtocolName, ...ProtocolName[]] | readonly ProtocolName[],
  ): Route {
    const entry = this.byTarget.get(targetName);
    if (entry) return toOperation(entry, spoken, operation);
    const service = unknownTargets[targetName];
    const what = `the operation ${targetName}.${operation}`;
    const error = new NotImplementedError(service === undefined ? what : `${service}: ${what}`);
    return refusal(spoken[0] ?? 'awsJson1_1', undefined, error);
  }

  private routeAction(action: string, version: string, scope: CredentialScope): Route {
    const entry =
      scope.service === undefined
        ? [...this.byName.values()].find(
            ({ model }) =>
              model.version === version &&
              model.protocols.some((name) => formProtocols.includes(name)),
          )
        : this.byName.get(scope.service);
    if (entry) return toOperation(entry, formProtocols, action);
    const service = scope.service ?? `version ${version}`;
    const error = new NotImplementedError(`the operation ${action} of ${service}`);
    return refusal(scope.service === 'ec2' ? 'ec2Query' : 'awsQuery', undefined, error);
  }

  /** What nobody signed and no form names is for S3, whose objects may be public. */
  private anonymousEntry(request: WireRequest): ServiceEntry | undefined {
    return isForm(request) ? undefined : this.byName.get('s3');
  }

  private nothing(
    request: WireRequest,
    scope: CredentialScope,
    entry: ServiceEntry | undefined,
  ): Route {
    const what = `${request.method} ${request.path}`;
    const error = new NotImplementedError(
      entry || scope.service === undefined ? what : `the service ${scope.service}`,
    );
    return refusal(entry?.model.protocols[0] ?? guessProtocol(request), entry, error);
  }
}

/** Services that are missed by those who do not call them themselves, such as users of the CDK CLI. */
const unknownTargets: Readonly<Record<string, string>> = {
  AmazonEC2ContainerRegistry_V20150921:
    'Amazon ECR and images of containers, so that a Docker image asset cannot be published',
};

function routeRest(entry: ServiceEntry, protocolName: ProtocolName, request: WireRequest): Route {
  const protocol = protocols[protocolName];
  const name = entry.rest.find(request)?.name;
  const target = name === undefined ? undefined : entry.operation(name);
  if (target) return { protocol, entry, target };
  if (protocolName === 'restJson1') {
    const message = `${request.method} ${request.path} is not an operation of this service`;
    const error = new ServiceError('UnknownOperationException', message, { status: 404 });
    return { protocol, entry, target: error };
  }
  if (request.headers['content-type']?.startsWith('multipart/form-data'))
    return { protocol, entry, target: new NotImplementedError('uploads from HTML forms') };
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  const error = new ServiceError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { status: 405, members: { Method: request.method } },
  );
  return { protocol, entry, target: error };
}

function toOperation(entry: ServiceEntry, spoken: readonly ProtocolName[], name: string): Route {
  const { model } = entry;
  const protocolName = model.protocols.find((protocol) => spoken.includes(protocol));
  if (!protocolName) {
    const error = new NotImplementedError(`the protocol ${spoken[0]} of ${model.signingName}`);
    return refusal(spoken[0] ?? 'awsQuery', entry, error);
  }
  const protocol = protocols[protocolName];
  const target = entry.operation(name) ?? unknownOperation(entry, protocolName, name);
  return { protocol, entry, target };
}

function refusal(
  protocolName: ProtocolName,
  entry: ServiceEntry | undefined,
  target: ServiceError,
): Route {
  return { protocol: protocols[protocolName], entry, target };
}

/** A body that is put is an object, whatever its type: `curl -X PUT -d` calls everything a form. */
function isForm(request: WireRequest): boolean {
  return (
    (request.method === 'POST' &&
      request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) ||
    /(^|&)Action=/.test(request.query)
  );
}

function guessProtocol(request: WireRequest): ProtocolName {
  return request.headers['content-type']?.includes('json') ? 'restJson1' : 'restXml';
}

/** As AWS words it: JSON services by UnknownOperationException, query services by InvalidAction. */
function unknownOperation(entry: ServiceEntry, protocol: ProtocolName, name: string): ServiceError {
  if (formProtocols.includes(protocol))
    return new ServiceError(
      'InvalidAction',
      `Could not find operation ${name} for version ${entry.model.version}`,
    );
  return new ServiceError('UnknownOperationException', `The operation ${name} is not known`);
}
