import { ServiceError } from './errors';
import type { WireRequest } from './message';
import type { Labels } from './rest-route';
import type { Member, Shape } from './shape';
import { asDate, formatTimestamp, parseTimestamp } from './timestamp';

/** Whether a member travels outside the document in the body. */
export function isBound({ traits }: Member): boolean {
  return (
    traits.httpLabel !== undefined ||
    traits.httpHeader !== undefined ||
    traits.httpQuery !== undefined ||
    traits.httpQueryParams !== undefined ||
    traits.httpPrefixHeaders !== undefined ||
    traits.httpPayload !== undefined ||
    traits.httpResponseCode !== undefined
  );
}

/** The member that is the whole body, if there is one. */
export function payloadMember(shape: Shape): Member | undefined {
  return [...shape.members.values()].find(({ traits }) => traits.httpPayload !== undefined);
}

/** Reads every member that is in path, query or headers. */
export function readBindings(
  shape: Shape,
  request: WireRequest,
  labels: Labels,
): Record<string, unknown> {
  const query = new URLSearchParams(request.query);
  const input: Record<string, unknown> = {};
  for (const member of shape.members.values()) {
    const value = readBinding(member, request, labels, query);
    if (value !== undefined) input[member.name] = value;
  }
  return input;
}

function readBinding(
  member: Member,
  request: WireRequest,
  labels: Labels,
  query: URLSearchParams,
): unknown {
  const { traits, shape, name } = member;
  if (traits.httpLabel !== undefined) {
    const label = labels[name];
    return label === undefined ? undefined : readText(label, shape, name);
  }
  if (traits.httpQuery !== undefined) {
    if (shape.kind === 'list') {
      const items = query.getAll(traits.httpQuery);
      if (items.length === 0) return undefined;
      return items.map((item) => readText(item, shape.value.shape, name));
    }
    const text = query.get(traits.httpQuery);
    return text === null ? undefined : readText(text, shape, name);
  }
  if (traits.httpQueryParams !== undefined) return Object.fromEntries(query);
  if (traits.httpPrefixHeaders !== undefined)
    return readPrefixHeaders(traits.httpPrefixHeaders.toLowerCase(), request);
  if (traits.httpHeader === undefined) return undefined;
  const text = request.headers[traits.httpHeader.toLowerCase()];
  if (text === undefined) return undefined;
  if (shape.kind !== 'list') return readText(text, shape, name);
  return text
    .split(',')
    .map((item) => readText(item.trim().replace(/^"(.*)"$/, '$1'), shape.value.shape, name));
}

function readPrefixHeaders(
  prefix: string,
  request: WireRequest,
): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (name.startsWith(prefix) && value !== undefined) found[name.slice(prefix.length)] = value;
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Writes the members that are headers. */
export function writeHeaders(shape: Shape, output: object): Record<string, string> {
  const headers: Record<string, string> = {};
  const source: Record<string, unknown> = Object(output);
  for (const member of shape.members.values()) {
    const value = source[member.name];
    if (value === undefined || value === null) continue;
    const { httpHeader, httpPrefixHeaders } = member.traits;
    if (httpHeader !== undefined) {
      headers[httpHeader.toLowerCase()] = writeText(value, member.shape);
    } else if (httpPrefixHeaders !== undefined) {
      for (const [name, item] of Object.entries(value))
        headers[httpPrefixHeaders.toLowerCase() + name.toLowerCase()] = String(item);
    }
  }
  return headers;
}

/** The status that a member sets, if one does. */
export function boundStatus(shape: Shape, output: object): number | undefined {
  const source: Record<string, unknown> = Object(output);
  for (const { name, traits } of shape.members.values())
    if (traits.httpResponseCode !== undefined && typeof source[name] === 'number')
      return Number(source[name]);
  return undefined;
}

function readText(text: string, shape: Shape, name: string): unknown {
  const malformed = () =>
    new ServiceError('SerializationException', `The value '${text}' of ${name} is malformed`);
  switch (shape.kind) {
    case 'number': {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) throw malformed();
      return value;
    }
    case 'boolean':
      if (!/^(true|false)$/i.test(text)) throw malformed();
      return text.toLowerCase() === 'true';
    case 'timestamp': {
      const date = parseTimestamp(text);
      if (!date) throw malformed();
      return date;
    }
    case 'blob':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

function writeText(value: unknown, shape: Shape): string {
  if (Array.isArray(value))
    return value.map((item) => writeText(item, shape.value.shape)).join(', ');
  if (shape.kind === 'timestamp')
    return formatTimestamp(asDate(value), shape.timestampFormat ?? 'http-date');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}
