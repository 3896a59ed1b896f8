import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AttributeValue as EngineValue, Item } from '../../engines/dynamodb';

/** A request with its binary values in base64, as the engine takes them; members without a value are left out. */
export function engineRequest(input: object): object {
  return Object(withBase64(input));
}

/** An item as an operation returns it. */
export function itemOutput(item: Readonly<Item>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, valueOutput(value)] as const),
  );
}

function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(withBase64);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, withBase64(member)]),
  );
}

function valueOutput(value: EngineValue): AttributeValue {
  const { S, N, B, SS, NS, BS, M, L, BOOL } = value;
  if (S !== undefined) return { S };
  if (N !== undefined) return { N };
  if (B !== undefined) return { B: Buffer.from(B, 'base64') };
  if (SS !== undefined) return { SS };
  if (NS !== undefined) return { NS };
  if (BS !== undefined) return { BS: BS.map((text) => Buffer.from(text, 'base64')) };
  if (M !== undefined) return { M: itemOutput(M) };
  if (L !== undefined) return { L: L.map(valueOutput) };
  if (BOOL !== undefined) return { BOOL };
  return { NULL: true };
}
