import type { DocumentCodec } from './document-codec';
import type { WireError } from './wire-protocol';

/** How an error's shape spells its message. */
export function messageMember(error: WireError): 'message' | 'Message' {
  return error.modelled?.shape.members.has('Message') ? 'Message' : 'message';
}

/** The members of an error that its shape knows, without its message, and those that it does not know. */
export function splitMembers(error: WireError): {
  known: Record<string, unknown>;
  unknown: Record<string, unknown>;
} {
  const known: Record<string, unknown> = {};
  const unknown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(error.members)) {
    if (name === 'message' || name === 'Message' || value === undefined) continue;
    if (error.modelled?.shape.members.has(name)) known[name] = value;
    else unknown[name] = value;
  }
  return { known, unknown };
}

/** The members of an error as a document, without its message. */
export function errorContent(error: WireError, codec: DocumentCodec): Record<string, unknown> {
  const { known, unknown } = splitMembers(error);
  const document = error.modelled ? codec.write(error.modelled.shape, known) : {};
  return { ...Object(document), ...unknown };
}
