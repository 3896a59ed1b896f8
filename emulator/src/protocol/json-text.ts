import { utf8 } from './bytes';
import { ServiceError } from './errors';

/** @throws ServiceError SerializationException if it is not JSON; an empty body counts as `{}`. */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(utf8(body));
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not valid JSON');
  }
}
