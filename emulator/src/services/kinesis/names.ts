/** Where a stream is. */
export interface StreamAddress {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** What a stream's or a consumer's name may be made of. */
export const namePattern = '[a-zA-Z0-9_.-]+';

const arnPattern =
  /^arn:aws[a-z-]*:kinesis:([a-z0-9-]+):(\d{12}):stream\/([a-zA-Z0-9_.-]+)(?:\/consumer\/([a-zA-Z0-9_.-]+):(\d+))?$/;

/** What an ARN of Kinesis names: a stream or one of its consumers. */
export interface ParsedArn {
  readonly stream: StreamAddress;
  /** The ARN itself, if it is a consumer's. */
  readonly consumerArn: string | undefined;
}

/** Undefined for any other text. */
export function parseArn(text: string): ParsedArn | undefined {
  const [, region, account, name, consumer] = arnPattern.exec(text) ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return {
    stream: { region, account, name },
    consumerArn: consumer === undefined ? undefined : text,
  };
}

export function streamArn({ account, region, name }: StreamAddress): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}

/** @param created - seconds since the epoch: a consumer that is registered again has another ARN */
export function consumerArn(stream: string, name: string, created: number): string {
  return `${stream}/consumer/${name}:${created}`;
}

export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

/** The number of a shard, which clients may also write without prefix or leading zeros; undefined for any other text. */
export function shardIndex(id: string): number | undefined {
  const digits = /^(?:[a-zA-Z0-9_.]*-)?(\d+)$/.exec(id)?.[1];
  const index = Number(digits);
  return digits !== undefined && index <= 0x7fff_ffff ? index : undefined;
}
