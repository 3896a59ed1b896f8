import { parseCbor, writeCbor } from './cbor-document';
import { DocumentCodec } from './document-codec';
import { errorContent } from './error-content';
import { errorType, queryError } from './json-rpc';
import type { WireRequest, WireResponse } from './message';
import { cborScalars } from './scalars';
import type { ServiceModel } from './service-model';
import type { Operation } from './shape';
import type { WireError, WireProtocol } from './wire-protocol';

const codec = new DocumentCodec({ useJsonName: false, scalars: cborScalars('seconds') });

/**
 * The protocol `rpcv2Cbor`: service and operation in the path, CBOR both ways.
 *
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export class CborRpcProtocol implements WireProtocol {
  decode(operation: Operation, request: WireRequest): object {
    if (operation.input.kind === 'unit') return {};
    return Object(codec.read(operation.input, parseCbor(request.body)));
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
      body: writeCbor(codec.write(operation.output, output)),
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
    return { status: error.status, headers, body: writeCbor(document) };
  }
}

function headersOf(requestId: string): Record<string, string> {
  return { 'x-amzn-requestid': requestId, 'smithy-protocol': 'rpc-v2-cbor' };
}
