import type { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaTraitsObject, StaticOperationSchema } from '@smithy/types';

/** How a timestamp is written: an ISO 8601 string, an HTTP date, or seconds since the epoch. */
export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

export type ShapeKind =
  | 'structure'
  | 'union'
  | 'list'
  | 'map'
  | 'string'
  | 'number'
  | 'big-number'
  | 'boolean'
  | 'blob'
  | 'timestamp'
  | 'document'
  | 'unit';

/** A place that holds a value of a shape: a structure's member, a list's item, a map's key or value. */
export interface Member {
  /** Its name in the SDK's types; empty for items, keys and values. */
  readonly name: string;
  readonly shape: Shape;
  /** Traits of the place and of its shape; those of the place come first. */
  readonly traits: SchemaTraitsObject;
}

/**
 * A shape of a service's model, read once from the schema that the SDK client exports.
 *
 * Recursive models are fine: what a shape refers to is read when it is first asked for.
 */
export class Shape {
  readonly kind: ShapeKind;
  readonly name: string;
  readonly traits: SchemaTraitsObject;
  /** Set on timestamps whose model names a format; the others follow their protocol. */
  readonly timestampFormat: TimestampFormat | undefined;
  readonly streaming: boolean;
  private memberTable: ReadonlyMap<string, Member> | undefined;
  private requiredTable: readonly Member[] | undefined;
  private keyMember: Member | undefined;
  private valueMember: Member | undefined;

  constructor(private readonly schema: NormalizedSchema) {
    this.kind = kindOf(schema);
    this.name = schema.getName() ?? '';
    this.traits = schema.getOwnTraits();
    this.timestampFormat = this.kind === 'timestamp' ? formatOf(schema.getSchema()) : undefined;
    this.streaming = schema.isStreaming();
  }

  /** A structure's or union's members by name. */
  get members(): ReadonlyMap<string, Member> {
    if (!this.memberTable) {
      const table = new Map<string, Member>();
      if (this.kind === 'structure' || this.kind === 'union') {
        for (const [name, schema] of this.schema.structIterator())
          table.set(name, memberOf(name, schema));
      }
      this.memberTable = table;
    }
    return this.memberTable;
  }

  /** The members that a structure must have: the schema counts them, and they come first. */
  get required(): readonly Member[] {
    if (!this.requiredTable) {
      const schema = this.schema.getSchema();
      const count = Array.isArray(schema) && this.kind === 'structure' ? schema[6] : 0;
      this.requiredTable = [...this.members.values()].slice(
        0,
        typeof count === 'number' ? count : 0,
      );
    }
    return this.requiredTable;
  }

  /** A map's keys. */
  get key(): Member {
    this.keyMember ??= memberOf('', this.schema.getKeySchema());
    return this.keyMember;
  }

  /** A list's items or a map's values. */
  get value(): Member {
    this.valueMember ??= memberOf('', this.schema.getValueSchema());
    return this.valueMember;
  }
}

/** One operation of a service's model. */
export interface Operation {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
  readonly traits: SchemaTraitsObject;
  readonly schema: StaticOperationSchema;
}

const shapes = new Map<unknown, Shape>();

/** The shape of a schema: the same object each time. */
export function shapeOf(schema: NormalizedSchema): Shape {
  const key = schema.getSchema();
  let shape = shapes.get(key);
  if (!shape) {
    shape = new Shape(schema);
    shapes.set(key, shape);
  }
  return shape;
}

function memberOf(name: string, schema: NormalizedSchema): Member {
  return { name, shape: shapeOf(schema), traits: schema.getMergedTraits() };
}

function kindOf(schema: NormalizedSchema): ShapeKind {
  if (schema.isUnitSchema()) return 'unit';
  if (schema.isUnionSchema()) return 'union';
  if (schema.isStructSchema()) return 'structure';
  if (schema.isListSchema()) return 'list';
  if (schema.isMapSchema()) return 'map';
  if (schema.isBlobSchema()) return 'blob';
  if (schema.isTimestampSchema()) return 'timestamp';
  if (schema.isDocumentSchema()) return 'document';
  if (schema.isBooleanSchema()) return 'boolean';
  if (schema.isNumericSchema()) return 'number';
  if (schema.isBigIntegerSchema() || schema.isBigDecimalSchema()) return 'big-number';
  if (schema.isStringSchema()) return 'string';
  throw new TypeError(`The schema of ${schema.getName(true)} is of a kind unknown to this version`);
}

/** The sentinels by which the SDK's schemas tell timestamp formats; 4 leaves it to the protocol. */
function formatOf(schema: unknown): TimestampFormat | undefined {
  if (schema === 5) return 'date-time';
  if (schema === 6) return 'http-date';
  if (schema === 7) return 'epoch-seconds';
  return undefined;
}
