import { NotImplementedError } from './errors';
import { type Read, type ScalarStyle, type Write, wrongType } from './scalars';
import type { Member, Shape } from './shape';

/** What tells the documents of one protocol from those of another. */
export interface DocumentStyle {
  /** Whether `jsonName` traits rename members, as in REST protocols. */
  readonly useJsonName: boolean;
  readonly scalars: ScalarStyle;
}

interface Field {
  readonly member: Member;
  readonly wireName: string;
  readonly read: Read;
  readonly write: Write;
}

type JsonObject = Record<string, unknown>;

/**
 * Turns parsed documents (JSON or CBOR) into the SDK's form of them and back, compiled once per
 * shape: a value that needs no conversion is passed on as it is, so that a call costs little more
 * than `JSON.parse` and `JSON.stringify`.
 */
export class DocumentCodec {
  private readonly readers = new Map<Shape, Read>();
  private readonly writers = new Map<Shape, Write>();
  private readonly tables = new Map<Shape, Fields>();

  constructor(private readonly style: DocumentStyle) {}

  /**
   * Reads a parsed document.
   *
   * @throws ServiceError SerializationException for a value of the wrong type, NotImplemented for a member that the shape lacks.
   */
  read(shape: Shape, value: unknown): unknown {
    return this.reader(shape)(value);
  }

  /**
   * Makes the document that stands for a value.
   *
   * @throws TypeError naming a member that the shape lacks.
   */
  write(shape: Shape, value: unknown): unknown {
    return this.writer(shape)(value);
  }

  private reader(shape: Shape): Read {
    let read = this.readers.get(shape);
    if (!read) {
      // Set before it is made: recursive shapes find themselves.
      this.readers.set(shape, (value) => this.reader(shape)(value));
      read = this.makeReader(shape);
      this.readers.set(shape, read);
    }
    return read;
  }

  private writer(shape: Shape): Write {
    let write = this.writers.get(shape);
    if (!write) {
      this.writers.set(shape, (value) => this.writer(shape)(value));
      write = this.makeWriter(shape);
      this.writers.set(shape, write);
    }
    return write;
  }

  private fields(shape: Shape): Fields {
    let fields = this.tables.get(shape);
    if (!fields) {
      fields = new Fields();
      this.tables.set(shape, fields);
      for (const member of shape.members.values()) {
        const { jsonName } = member.traits;
        fields.add({
          member,
          wireName: this.style.useJsonName && jsonName !== undefined ? jsonName : member.name,
          read: this.reader(member.shape),
          write: this.writer(member.shape),
        });
      }
    }
    return fields;
  }

  private makeReader(shape: Shape): Read {
    switch (shape.kind) {
      case 'structure':
      case 'union': {
        const { byWireName } = this.fields(shape);
        return (value) => {
          if (!isJsonObject(value)) throw wrongType(value, 'structure');
          return readStructure(value, byWireName, shape);
        };
      }
      case 'list': {
        const readItem = this.reader(shape.value.shape);
        return (value) => {
          if (!Array.isArray(value)) throw wrongType(value, 'list');
          for (let i = 0; i < value.length; i++)
            if (value[i] !== null) value[i] = readItem(value[i]);
          return value;
        };
      }
      case 'map': {
        const readValue = this.reader(shape.value.shape);
        return (value) => {
          if (!isJsonObject(value)) throw wrongType(value, 'map');
          for (const key in value) {
            // As members of a structure, so that no service meets a value that its model does not have.
            if (value[key] === null) delete value[key];
            else value[key] = readValue(value[key]);
          }
          return value;
        };
      }
      default:
        return this.style.scalars.reader(shape);
    }
  }

  private makeWriter(shape: Shape): Write {
    switch (shape.kind) {
      case 'structure':
      case 'union': {
        const { byName } = this.fields(shape);
        return (value) => writeStructure(value, byName, shape);
      }
      case 'list': {
        const writeItem = this.writer(shape.value.shape);
        return (value) => (Array.isArray(value) ? value.map(writeItem) : value);
      }
      case 'map': {
        const writeValue = this.writer(shape.value.shape);
        return (value) => {
          const written: JsonObject = {};
          for (const [key, item] of Object.entries(Object(value))) written[key] = writeValue(item);
          return written;
        };
      }
      default:
        return this.style.scalars.writer(shape);
    }
  }
}

class Fields {
  readonly byName = new Map<string, Field>();
  readonly byWireName = new Map<string, Field>();

  add(field: Field): void {
    this.byName.set(field.member.name, field);
    this.byWireName.set(field.wireName, field);
  }
}

/** Reads in place, as the parsed document is ours; members that are `null` count as absent. */
function readStructure(
  value: JsonObject,
  fields: ReadonlyMap<string, Field>,
  shape: Shape,
): JsonObject {
  for (const key in value) {
    const item = value[key];
    const field = fields.get(key);
    if (field === undefined) {
      // Unions carry their shape's name in some SDKs.
      if (key === '__type' || item === null) delete value[key];
      else throw new NotImplementedError(`the member ${key} of ${shape.name}`);
    } else if (item === null) {
      delete value[key];
    } else if (field.wireName === field.member.name) {
      const read = field.read(item);
      if (read !== item) value[key] = read;
    } else {
      delete value[key];
      value[field.member.name] = field.read(item);
    }
  }
  return value;
}

function writeStructure(
  value: unknown,
  fields: ReadonlyMap<string, Field>,
  shape: Shape,
): JsonObject {
  const source: JsonObject = Object(value);
  let written = source;
  for (const key in source) {
    const item = source[key];
    const field = fields.get(key);
    if (field === undefined) {
      if (item === undefined) continue;
      throw new TypeError(`${shape.name} has no member ${key}`);
    }
    const wire = item === null || item === undefined ? undefined : field.write(item);
    if (wire === item && field.wireName === key) continue;
    if (written === source) written = { ...source };
    if (field.wireName !== key) delete written[key];
    written[field.wireName] = wire;
  }
  return written;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
