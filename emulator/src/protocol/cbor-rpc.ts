import { cbor } from '@smithy/core/cbor';
import { DocumentCodec } from './document-codec';
import { errorContent } from './error-content';
import { ServiceError } from './errors';
import { errorType, queryError } from './json-rpc';
import type { WireRequest, WireResponse } from './message';
import { cborScalars } from './scalars';
import type { ServiceModel } from './service-model';
import type { Operation } from './shape';
import type { WireError, WireProtocol } from './wire-protocol';

const codec = new DocumentCodec({ useJsonName: false, scalars: cborScalars });

/**
 * The protocol `rpcv2Cbor`: service and operation in the path, CBOR both ways.
 *
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export class CborRpcProtocol implements WireProtocol {
  decode(operation: Operation, request: WireRequest): object {
    if (operation.input.kind === 'unit') return {};
    return Object(codec.read(operation.input, parse(request.body)));
  }

  encode(
    operation: Operation,
    output: object,
    _service: ServiceModel,
    requestId: string,
  ): WireResponse {
    if (operation.output.kind === 'unit')
      return { status: 200, headers: headersOf(requestId), body: '' };
    return {
      status: 200,
      headers: { ...headersOf(requestId), 'content-type': 'application/cbor' },
      body: serialize(codec.write(operation.output, output)),
    };
  }

  encodeError(error: WireError, service: ServiceModel, requestId: string): WireResponse {
    const headers: Record<string, string> = {
      ...headersOf(requestId),
      'content-type': 'application/cbor',
    };
    if (service.queryCompatible) headers['x-amzn-query-error'] = queryError(error);
    const document = {
      __type: errorType(error),
      ...errorContent(error, codec),
      message: error.message,
    };
    return { status: error.status, headers, body: serialize(document) };
  }
}

function headersOf(requestId: string): Record<string, string> {
  return { 'x-amzn-requestid': requestId, 'smithy-protocol': 'rpc-v2-cbor' };
}

function parse(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return cbor.deserialize(body);
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not valid CBOR');
  }
}

/** The serializer writes into a buffer that it uses again. */
function serialize(document: unknown): Uint8Array {
  return Buffer.from(cbor.serialize(withoutUndefined(document)));
}

/** CBOR could carry `undefined`; the protocol leaves such members out. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  // Tagged values, such as times, are recognised by a symbol.
  if (Object.getOwnPropertySymbols(value).length > 0) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(([key, item]) => [key, withoutUndefined(item)]),
  );
}
