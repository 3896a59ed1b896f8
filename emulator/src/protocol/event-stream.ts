import { EventStreamCodec } from '@smithy/core/event-streams';
import type { MessageHeaders } from '@smithy/types';
import type { DocumentFormat } from './document-format';
import { ServiceError } from './errors';
import type { Member, Shape } from './shape';

/** What bodies of event streams are. */
export const eventStreamType = 'application/vnd.amazon.eventstream';

const framing = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text, 'utf8'),
);

/** The member of an output that is a stream of events. */
export function eventStreamMember(output: Shape): Member | undefined {
  return [...output.members.values()].find(
    ({ shape }) => shape.kind === 'union' && shape.streaming,
  );
}

/**
 * Writes a stream of events as protocols with one document per message do: first what else the output has, then each event, and
 * an error of the service as the last message.
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export async function* encodeEventStream(
  union: Member,
  events: AsyncIterable<unknown>,
  initial: object,
  format: DocumentFormat,
): AsyncGenerator<Uint8Array> {
  yield message({ ':event-type': 'initial-response' }, initial, format);
  try {
    for await (const event of events) {
      const [name = '', content] = Object.entries(Object(event))[0] ?? [];
      const member = union.shape.members.get(name);
      if (!member) throw new TypeError(`${union.shape.name} has no member ${name}`);
      const document = format.codec.write(member.shape, content);
      yield message({ ':event-type': name }, document, format);
    }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    yield message({ ':exception-type': error.code }, { message: error.message }, format);
  }
}

function message(
  kind: { readonly ':event-type': string } | { readonly ':exception-type': string },
  document: unknown,
  { contentType, write }: DocumentFormat,
): Uint8Array {
  const headers: MessageHeaders = {
    ':message-type': text(':event-type' in kind ? 'event' : 'exception'),
    ':content-type': text(contentType),
  };
  for (const [name, value] of Object.entries(kind)) headers[name] = text(value);
  return framing.encode({ headers, body: Buffer.from(write(document)) });
}

function text(value: string) {
  return { type: 'string' as const, value };
}
