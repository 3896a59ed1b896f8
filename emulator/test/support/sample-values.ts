import type { Member, Shape } from '../../src/protocol/shape';

/** Deep enough to meet every shape, shallow enough for recursive ones to end. */
const depthLimit = 8;

/** Members in which clients accept only what they know. */
const wellFormed: Readonly<Record<string, string>> = {
  ChecksumAlgorithm: 'CRC32',
  // The S3 client makes it from Expires.
  ExpiresString: 'Fri, 01 Jun 2035 12:30:45 GMT',
};

/** Members that clients encode or fill in by themselves, whatever they are given. */
const madeByClient = new Set([
  'SSECustomerKey',
  'SSECustomerKeyMD5',
  'CopySourceSSECustomerKey',
  'CopySourceSSECustomerKeyMD5',
]);

/** A value of a shape with every member filled; the same each time. */
export function sampleOf(shape: Shape, name = 'root', depth = 0): unknown {
  switch (shape.kind) {
    case 'unit':
      return {};
    case 'structure':
      return sampleMembers(shape, [...shape.members.values()], depth);
    case 'union':
      return sampleMembers(shape, [...shape.members.values()].slice(0, 1), depth);
    case 'list':
      return depth > depthLimit
        ? []
        : [0, 1].map(() => sampleOf(shape.value.shape, name, depth + 1));
    case 'map':
      return { 'a-key': sampleOf(shape.value.shape, name, depth + 1) };
    case 'boolean':
      return true;
    case 'number':
    case 'big-number':
      return 200 + name.length;
    case 'timestamp':
      return new Date('2035-06-01T12:30:45.000Z');
    case 'blob':
      return Buffer.from(`<${name}> \u00fc`);
    case 'document':
      return { nested: ['value', 1, true] };
    default:
      return wellFormed[name] ?? `a-${name}`;
  }
}

/** Whether a structure carries an event stream, which is no value. */
export function holdsEventStream(shape: Shape): boolean {
  return [...shape.members.values()].some(
    ({ shape: member }) => member.kind === 'union' && member.streaming,
  );
}

function sampleMembers(shape: Shape, members: readonly Member[], depth: number): object {
  const sample: Record<string, unknown> = {};
  for (const member of members) {
    const { name } = member;
    if (madeByClient.has(name)) continue;
    if (depth < depthLimit || shape.required.includes(member) || shape.kind === 'union')
      sample[name] = sampleOf(member.shape, name, depth + 1);
  }
  return sample;
}
