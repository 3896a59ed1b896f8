import { DocumentCodec } from './document-codec';
import { errorContent, messageMember } from './error-content';
import { encodeEventStream, eventStreamMember, eventStreamType } from './event-stream';
import { parseJson } from './json-text';
import type { WireRequest, WireResponse } from './message';
import { jsonScalars } from './scalars';
import type { ServiceModel } from './service-model';
import type { Member, Operation, Shape } from './shape';
import type { WireError, WireProtocol } from './wire-protocol';

const codec = new DocumentCodec({ useJsonName: false, scalars: jsonScalars });

/** The protocols `awsJson1_0` and `awsJson1_1`: one path, the operation in `X-Amz-Target`, JSON both ways. */
export class JsonRpcProtocol implements WireProtocol {
  private readonly contentType: string;
  private readonly eventStreams = new Map<Shape, Member | undefined>();

  constructor(version: '1.0' | '1.1') {
    this.contentType = `application/x-amz-json-${version}`;
  }

  decode(operation: Operation, request: WireRequest): object {
    return Object(codec.read(operation.input, parseJson(request.body)));
  }

  encode(
    operation: Operation,
    output: object,
    _service: ServiceModel,
    requestId: string,
  ): WireResponse {
    const events = this.eventStreamOf(operation.output);
    if (events) return this.encodeEvents(events, output, requestId);
    // An operation without output answers an empty object, as SQS does, not an empty body.
    const document = operation.output.kind === 'unit' ? {} : codec.write(operation.output, output);
    return {
      status: 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': this.contentType },
      body: JSON.stringify(document),
    };
  }

  private eventStreamOf(output: Shape): Member | undefined {
    if (!this.eventStreams.has(output)) this.eventStreams.set(output, eventStreamMember(output));
    return this.eventStreams.get(output);
  }

  private encodeEvents(member: Member, output: object, requestId: string): WireResponse {
    const { [member.name]: events, ...initial } = Object(output);
    return {
      status: 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': eventStreamType },
      body: encodeEventStream(member, events, initial, codec, this.contentType),
    };
  }

  encodeError(error: WireError, service: ServiceModel, requestId: string): WireResponse {
    const headers: Record<string, string> = {
      'x-amzn-requestid': requestId,
      'content-type': this.contentType,
    };
    if (service.queryCompatible) headers['x-amzn-query-error'] = queryError(error);
    const body = JSON.stringify({
      __type: errorType(error),
      ...errorContent(error, codec),
      [messageMember(error)]: error.message,
    });
    return { status: error.status, headers, body };
  }
}

/** The error's qualified shape name; clients look at what follows the `#`. */
export function errorType(error: WireError): string {
  return error.modelled?.shapeId ?? `com.amazon.coral.service#${error.code}`;
}

/** `x-amzn-query-error`, from which clients of services that once spoke the query protocol take the old code. */
export function queryError(error: WireError): string {
  return `${error.queryCode};${error.fault}`;
}
