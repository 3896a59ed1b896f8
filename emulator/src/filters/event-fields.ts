/** A value that patterns can be compared with. */
export type Scalar = string | number | boolean | null;

/** One element of an array on the way to a value; values of the same array and different elements do not belong together. */
interface Place {
  readonly array: number;
  readonly index: number;
  readonly outer: Place | undefined;
}

/** A value of an event, and through which elements of arrays it is reached. */
export interface FieldValue {
  readonly value: Scalar;
  readonly place?: Place | undefined;
}

/** The values of an event by their paths, with dots between the names. */
export type EventFields = ReadonlyMap<string, readonly FieldValue[]>;

/**
 * The leaves of a document: objects become paths such as `detail.state`, arrays several values of the
 * same path. Empty objects and arrays leave nothing.
 */
export function fieldsOf(document: unknown): EventFields {
  const fields = new Map<string, FieldValue[]>();
  let arrays = 0;
  const walk = (value: unknown, path: string, place: Place | undefined): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      value.forEach((item: unknown, index) => {
        walk(item, path, { array, index, outer: place });
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value))
        walk(item, path === '' ? name : `${path}.${name}`, place);
    } else if (isScalar(value)) {
      const values = fields.get(path);
      if (values) values.push({ value, place });
      else fields.set(path, [{ value, place }]);
    }
  };
  walk(document, '', undefined);
  return fields;
}

/** Whether two values can be met together: not through different elements of one array. */
export function belongTogether(a: Place | undefined, b: Place | undefined): boolean {
  for (let one = a; one; one = one.outer)
    for (let other = b; other; other = other.outer)
      if (one.array === other.array && one.index !== other.index) return false;
  return true;
}

/** Whether something is a leaf of a JSON document. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
