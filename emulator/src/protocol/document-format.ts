import { parseCbor, writeCbor } from './cbor-document';
import { DocumentCodec } from './document-codec';
import { parseJson } from './json-text';
import { cborScalars, jsonScalars } from './scalars';

/** How the documents of a protocol get into bodies and out of them. */
export interface DocumentFormat {
  readonly contentType: string;
  readonly codec: DocumentCodec;
  /** @throws ServiceError SerializationException */
  parse(body: Uint8Array): unknown;
  write(document: unknown): string | Uint8Array;
}

const jsonCodec = new DocumentCodec({ useJsonName: false, scalars: jsonScalars });

/** JSON, as services with `X-Amz-Target` have it. */
export function jsonFormat(version: '1.0' | '1.1'): DocumentFormat {
  return {
    contentType: `application/x-amz-json-${version}`,
    codec: jsonCodec,
    parse: parseJson,
    write: JSON.stringify,
  };
}

/**
 * CBOR in the place of that JSON, as the SDKs for Java speak to Kinesis unless they are told otherwise. Times are
 * milliseconds, tagged as if they were seconds.
 *
 * @see https://github.com/aws/aws-sdk-java-v2/issues/4661
 */
export const awsCborFormat: DocumentFormat = {
  contentType: 'application/x-amz-cbor-1.1',
  codec: new DocumentCodec({ useJsonName: false, scalars: cborScalars('milliseconds') }),
  parse: parseCbor,
  write: writeCbor,
};
