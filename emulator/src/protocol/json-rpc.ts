import type { DocumentFormat } from './document-format';
import { errorContent, messageMember } from './error-content';
import { encodeEventStream, eventStreamMember, eventStreamType } from './event-stream';
import type { WireRequest, WireResponse } from './message';
import type { ServiceModel } from './service-model';
import type { Member, Operation, Shape } from './shape';
import type { WireError, WireProtocol } from './wire-protocol';

/**
 * The protocols `awsJson1_0` and `awsJson1_1`, and what is called `awsCbor1_1` here: one path, the operation in
 * `X-Amz-Target`, one document both ways.
 */
export class JsonRpcProtocol implements WireProtocol {
  private readonly eventStreams = new Map<Shape, Member | undefined>();

  constructor(private readonly format: DocumentFormat) {}

  decode(operation: Operation, request: WireRequest): object {
    const { codec, parse } = this.format;
    return Object(codec.read(operation.input, parse(request.body)));
  }

  encode(
    operation: Operation,
    output: object,
    _service: ServiceModel,
    requestId: string,
  ): WireResponse {
    const events = this.eventStreamOf(operation.output);
    if (events) return this.encodeEvents(events, output, requestId);
    const { codec, contentType, write } = this.format;
    // An operation without output answers an empty object, as SQS does, not an empty body.
    const document = operation.output.kind === 'unit' ? {} : codec.write(operation.output, output);
    return {
      status: 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': contentType },
      body: write(document),
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
      body: encodeEventStream(member, events, initial, this.format),
    };
  }

  encodeError(error: WireError, service: ServiceModel, requestId: string): WireResponse {
    const { codec, contentType, write } = this.format;
    const headers: Record<string, string> = {
      'x-amzn-requestid': requestId,
      'content-type': contentType,
    };
    if (service.queryCompatible) headers['x-amzn-query-error'] = queryError(error);
    const body = write({
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
