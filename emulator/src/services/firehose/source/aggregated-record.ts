import { createHash } from 'node:crypto';

/** A record that the Kinesis Producer Library has put into an aggregated one. */
export interface UserRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const digestLength = 16;

/**
 * The records inside an aggregated record; undefined if it is none.
 *
 * @see https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
export function userRecordsOf(data: Uint8Array): UserRecord[] | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < magic.length + digestLength) return undefined;
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const content = bytes.subarray(magic.length, -digestLength);
  const digest = createHash('md5').update(content).digest();
  if (!digest.equals(bytes.subarray(-digestLength))) return undefined;
  try {
    return readAggregate(content);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `AggregatedRecord`: 1 partition keys, 3 records. */
function readAggregate(content: Buffer): UserRecord[] {
  const partitionKeys: string[] = [];
  const records: Buffer[] = [];
  readFields(content, (field, value) => {
    if (typeof value === 'number') return;
    if (field === 1) partitionKeys.push(value.toString('utf8'));
    if (field === 3) records.push(value);
  });
  return records.map((record) => readRecord(record, partitionKeys));
}

/** `Record`: 1 index of its partition key, 3 data. */
function readRecord(record: Buffer, partitionKeys: readonly string[]): UserRecord {
  let keyIndex = 0;
  let data: Buffer = Buffer.alloc(0);
  readFields(record, (field, value) => {
    if (field === 1 && typeof value === 'number') keyIndex = value;
    if (field === 3 && typeof value !== 'number') data = value;
  });
  const partitionKey = partitionKeys[keyIndex];
  if (partitionKey === undefined) throw new RangeError('There is no such partition key');
  return { partitionKey, data };
}

/** Reads a message of Protocol Buffers. @throws RangeError if it is malformed */
function readFields(message: Buffer, take: (field: number, value: number | Buffer) => void): void {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at];
      if (byte === undefined || scale > 2 ** 49) throw new RangeError('Malformed number');
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (tag % 8 === 0) take(field, varint());
    else if (tag % 8 === 2) {
      const length = varint();
      if (at + length > message.length) throw new RangeError('Malformed field');
      take(field, message.subarray(at, at + length));
      at += length;
    } else throw new RangeError('A kind of field that aggregated records do not have');
  }
}
