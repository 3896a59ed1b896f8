import { DocumentCodec } from './document-codec';
import { errorContent, messageMember } from './error-content';
import { parseJson } from './json-text';
import type { WireRequest, WireResponse } from './message';
import { jsonScalars } from './scalars';
import type { ServiceModel } from './service-model';
import type { Operation } from './shape';
import type { WireError, WireProtocol } from './wire-protocol';

const codec = new DocumentCodec({ useJsonName: false, scalars: jsonScalars });

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
    // An operation without output answers an empty object, as SQS does, not an empty body.
    const document = operation.output.kind === 'unit' ? {} : codec.write(operation.output, output);
    return {
      status: 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': this.contentType },
      body: JSON.stringify(document),
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
