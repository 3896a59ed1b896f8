import { utf8 } from './bytes';
import type { DocumentCodec } from './document-codec';
import { errorContent, messageMember, splitMembers } from './error-content';
import { NotImplementedError } from './errors';
import { boundStatus, isBound, payloadMember, readBindings, writeHeaders } from './http-bindings';
import { parseJson } from './json-text';
import type { WireRequest, WireResponse } from './message';
import { xmlErrorMembers } from './query-rpc';
import { matchPath, restRoute } from './rest-route';
import type { ServiceModel } from './service-model';
import type { Member, Operation, Shape } from './shape';
import type { WireError, WireProtocol } from './wire-protocol';
import { writeMember, writeMembers } from './xml';
import { readXml } from './xml-reader';

/** How the documents in REST bodies are written. */
interface BodyFormat {
  readonly contentType: string;
  /** Reads a document into a structure. */
  read(shape: Shape, body: Uint8Array): object;
  /** Writes the members of an output that are not bound elsewhere. */
  write(shape: Shape, output: object, operation: Operation, service: ServiceModel): string;
  /** Writes a member that is the whole document. */
  writePayload(member: Member, value: unknown, service: ServiceModel): string;
  error(error: WireError, requestId: string): { headers: Record<string, string>; body: string };
}

/** The protocols `restJson1` and `restXml`: members in path, query and headers, the rest in the body. */
export class RestProtocol implements WireProtocol {
  constructor(private readonly format: BodyFormat) {}

  decode(operation: Operation, request: WireRequest, service: ServiceModel): object {
    const route = restRoute(operation);
    const { input } = operation;
    const labels = (route && matchPath(route, request, service)) ?? {};
    const bound = readBindings(input, request, labels);
    const payload = payloadMember(input);
    if (!payload) {
      const inBody = [...input.members.values()].some((member) => !isBound(member));
      return inBody && request.body.byteLength > 0
        ? { ...this.format.read(input, request.body), ...bound }
        : bound;
    }
    const value = this.readPayload(payload.shape, request.body);
    return value === undefined ? bound : { ...bound, [payload.name]: value };
  }

  encode(
    operation: Operation,
    output: object,
    service: ServiceModel,
    requestId: string,
  ): WireResponse {
    const shape = operation.output;
    for (const [name, value] of Object.entries(output))
      if (value !== undefined && !shape.members.has(name))
        throw new TypeError(`${shape.name} has no member ${name}`);
    const status = boundStatus(shape, output) ?? successStatus(operation, output);
    const headers = { ...requestIdHeaders(service, requestId), ...writeHeaders(shape, output) };
    const payload = payloadMember(shape);
    if (payload) {
      const value: unknown = Reflect.get(output, payload.name);
      return this.encodePayload(payload, value, { status, headers }, service);
    }
    const inBody = [...shape.members.values()].some((member) => !isBound(member));
    if (!inBody) return { status, headers, body: '' };
    const body = this.format.write(shape, output, operation, service);
    return { status, headers: { 'content-type': this.format.contentType, ...headers }, body };
  }

  encodeError(error: WireError, service: ServiceModel, requestId: string): WireResponse {
    const { headers, body } = this.format.error(error, requestId);
    const bound = error.modelled
      ? writeHeaders(error.modelled.shape, splitMembers(error).known)
      : {};
    return {
      status: error.status,
      headers: {
        'content-type': this.format.contentType,
        ...requestIdHeaders(service, requestId),
        ...headers,
        ...bound,
      },
      body,
    };
  }

  private readPayload(shape: Shape, body: Uint8Array): unknown {
    if (shape.kind === 'blob') return body.byteLength > 0 || shape.streaming ? body : undefined;
    if (body.byteLength === 0) return undefined;
    return shape.kind === 'string' ? utf8(body) : this.format.read(shape, body);
  }

  private encodePayload(
    payload: Member,
    value: unknown,
    head: { status: number; headers: Record<string, string> },
    service: ServiceModel,
  ): WireResponse {
    const { shape } = payload;
    if (shape.kind === 'union' && shape.streaming)
      throw new NotImplementedError(`the event stream ${payload.name}`);
    if (shape.kind === 'blob') {
      return {
        ...head,
        headers: { 'content-type': 'application/octet-stream', ...head.headers },
        body: isBody(value) ? value : '',
        streamed: shape.streaming,
      };
    }
    if (value === undefined || value === null) return { ...head, body: '' };
    if (shape.kind === 'string')
      return {
        ...head,
        headers: { 'content-type': 'text/plain', ...head.headers },
        body: String(value),
      };
    return {
      ...head,
      headers: { 'content-type': this.format.contentType, ...head.headers },
      body: this.format.writePayload(payload, value, service),
    };
  }
}

/** Documents of `restJson1`. */
export function restJsonFormat(codec: DocumentCodec): BodyFormat {
  return {
    contentType: 'application/json',
    read: (shape, body) => Object(codec.read(shape, parseJson(body))),
    write: (shape, output) => JSON.stringify(codec.write(shape, unbound(shape, output))),
    writePayload: (member, value) => JSON.stringify(codec.write(member.shape, value)),
    error(error) {
      const shape = error.modelled?.shape;
      // Lambda says in every error whose fault it is.
      const type = shape?.members.has('Type')
        ? { Type: error.fault === 'Sender' ? 'User' : 'Service' }
        : {};
      const members = shape
        ? { ...error, members: unbound(shape, error.members) as WireError['members'] }
        : error;
      return {
        headers: { 'x-amzn-errortype': error.code },
        body: JSON.stringify({
          ...type,
          ...errorContent(members, codec),
          [messageMember(error)]: error.message,
        }),
      };
    },
  };
}

const xmlStyle = { flatLists: false };
const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Documents of `restXml`, with errors as S3 has them: without an element around `Error`. */
export const xmlFormat: BodyFormat = {
  contentType: 'application/xml',
  read: (shape, body) => Object(readXml(shape, utf8(body))),
  write(shape, output, operation, service) {
    // The one response of S3 whose only member is the document itself, which no trait tells.
    if (operation.name === 'GetBucketLocation' && service.signingName === 's3') {
      const location: unknown = Reflect.get(output, 'LocationConstraint');
      return `${xmlDeclaration}<LocationConstraint xmlns="${service.xmlNamespace}">${location ?? ''}</LocationConstraint>`;
    }
    const name = shape.traits.xmlName ?? shape.name;
    const members = writeMembers(shape, unbound(shape, output), xmlStyle);
    return `${xmlDeclaration}<${name} xmlns="${service.xmlNamespace}">${members}</${name}>`;
  },
  writePayload(member, value, service) {
    const name = member.traits.xmlName ?? member.shape.name;
    const declared: [string, string] = ['', service.xmlNamespace];
    const traits = { xmlNamespace: declared, ...member.traits };
    return xmlDeclaration + writeMember(name, { ...member, traits }, value, xmlStyle);
  },
  error(error, requestId) {
    const detail = xmlErrorMembers(error, error.code, xmlStyle);
    return {
      headers: {},
      body: `${xmlDeclaration}<Error>${detail}<RequestId>${requestId}</RequestId></Error>`,
    };
  },
};

/** No schema says that S3 answers a part of an object with 206, as HTTP has it for `Content-Range`. */
function successStatus(operation: Operation, output: object): number {
  if (Reflect.get(output, 'ContentRange') !== undefined) return 206;
  return operation.traits.http?.[2] ?? 200;
}

/** An output without what travels in headers and status. */
function unbound(shape: Shape, output: object): object {
  return Object.fromEntries(
    Object.entries(output).filter(([name]) => {
      const member = shape.members.get(name);
      return !member || !isBound(member);
    }),
  );
}

function requestIdHeaders(service: ServiceModel, requestId: string): Record<string, string> {
  return service.signingName === 's3'
    ? { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }
    : { 'x-amzn-requestid': requestId };
}

function isBody(value: unknown): value is WireResponse['body'] {
  return (
    typeof value === 'string' ||
    value instanceof Uint8Array ||
    (typeof value === 'object' && value !== null && Symbol.asyncIterator in value)
  );
}
