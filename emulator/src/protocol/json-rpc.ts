import { utf8 } from './bytes';
import { ServiceError } from './errors';
import { JsonCodec } from './json';
import type { WireRequest, WireResponse } from './message';
import type { ServiceModel } from './service-model';
import type { Operation } from './shape';
import type { WireError, WireProtocol } from './wire-protocol';

const codec = new JsonCodec(false);

/** The protocols `awsJson1_0` and `awsJson1_1`: one path, the operation in `X-Amz-Target`, JSON both ways. */
export class JsonRpcProtocol implements WireProtocol {
  private readonly contentType: string;

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
    // An operation without output answers an empty object here, as SQS does, not an empty body.
    const body = codec.write(operation.output, output);
    return {
      status: 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': this.contentType },
      body,
    };
  }

  encodeError(error: WireError, service: ServiceModel, requestId: string): WireResponse {
    const headers: Record<string, string> = {
      'x-amzn-requestid': requestId,
      'content-type': this.contentType,
    };
    if (service.queryCompatible)
      headers['x-amzn-query-error'] = `${error.queryCode};${error.fault}`;
    return { status: error.status, headers, body: jsonErrorBody(error, codec, true) };
  }
}

/** @throws ServiceError SerializationException if it is not JSON; an empty body counts as `{}`. */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(utf8(body));
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not valid JSON');
  }
}

/** An error as JSON: its members and message, and in RPC protocols its type. */
export function jsonErrorBody(error: WireError, json: JsonCodec, typed: boolean): string {
  const shape = error.modelled?.shape;
  const messageName = shape?.members.has('Message') ? 'Message' : 'message';
  const content: Record<string, unknown> = shape
    ? JSON.parse(json.write(shape, { ...error.members, [messageMember(shape)]: undefined }))
    : { ...error.members };
  const type = error.modelled?.shapeId ?? `com.amazon.coral.service#${error.code}`;
  return JSON.stringify({
    ...(typed ? { __type: type } : {}),
    ...content,
    [messageName]: error.message,
  });
}

function messageMember(shape: Operation['input']): string {
  return shape.members.has('Message') ? 'Message' : 'message';
}
