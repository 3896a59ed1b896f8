import { cbor } from '@smithy/core/cbor';
import { ServiceError } from './errors';

/** @throws ServiceError SerializationException if it is not CBOR; an empty body counts as an empty map. */
export function parseCbor(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return cbor.deserialize(body);
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not valid CBOR');
  }
}

/** Writes a document, in bytes of its own: the serializer writes into a buffer that it uses again. */
export function writeCbor(document: unknown): Uint8Array {
  return Buffer.from(cbor.serialize(withoutUndefined(document)));
}

/** CBOR could carry `undefined`; the protocols leave such members out. */
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
