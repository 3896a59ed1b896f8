import { sameValue } from './property-changes';
import { alternatives } from './property-validation';
import type { ResourceProperties, TemplateValue } from './provider';
import type { ResourceSchema } from './resource-schemas';
import { isList, isObject, isScalar, type TemplateObject } from './values';

/** One value that is not what the template says. */
export interface PropertyDrift {
  /** Such as `/RedrivePolicy/maxReceiveCount`, or `/Tags/0/Value`. */
  readonly path: string;
  /** `ADD`: only the resource has it. `REMOVE`: only the template has it. */
  readonly kind: 'ADD' | 'NOT_EQUAL' | 'REMOVE';
  readonly expected: TemplateValue | undefined;
  readonly actual: TemplateValue | undefined;
}

/** Members by which objects in a list without order are told apart. */
const identifying = ['AttributeName', 'IndexName', 'Key', 'PolicyName'];

/**
 * Where a resource differs from what its template sets. What the template leaves open cannot differ: neither a
 * property, nor a member of a property with published members. Documents and maps are the template's as a whole, so
 * that something added to them is a difference.
 *
 * @param unordered - properties that are lists in which order means nothing
 */
export function propertyDrifts(
  schema: ResourceSchema,
  expected: ResourceProperties,
  actual: ResourceProperties,
  unordered: readonly string[],
): PropertyDrift[] {
  const comparison = new Comparison(schema);
  for (const [name, value] of Object.entries(expected)) {
    comparison.compare(
      schema.properties[name] ?? 'j',
      `/${name}`,
      value,
      actual[name],
      unordered.includes(name),
    );
  }
  return comparison.found;
}

class Comparison {
  readonly found: PropertyDrift[] = [];

  constructor(private readonly schema: ResourceSchema) {}

  compare(
    publishedType: string,
    path: string,
    wanted: TemplateValue,
    live: TemplateValue | undefined,
    unordered = false,
  ): void {
    const type = typeFor(publishedType, wanted);
    const expected = type.startsWith('j') ? documentOf(wanted) : wanted;
    if (live === undefined) {
      if (!isEmpty(expected)) this.report('REMOVE', path, expected, undefined);
      return;
    }
    const actual = type.startsWith('j') ? documentOf(live) : live;
    if (isObject(expected) && isObject(actual)) this.compareObjects(type, path, expected, actual);
    else if (isList<TemplateValue>(expected) || isList<TemplateValue>(actual)) {
      // One element stands for a list of one, in templates as in policy documents.
      const item = type.startsWith('[') ? type.slice(1) : 'j';
      if (unordered) this.compareSets(item, path, listOf(expected), listOf(actual));
      else this.compareLists(item, path, listOf(expected), listOf(actual));
    } else if (!sameValue(expected, actual)) this.report('NOT_EQUAL', path, expected, actual);
  }

  private compareObjects(
    type: string,
    path: string,
    expected: TemplateObject,
    actual: TemplateObject,
  ): void {
    const members = this.membersOf(type);
    for (const [name, value] of Object.entries(expected)) {
      this.compare(members?.[name] ?? memberType(type), `${path}/${name}`, value, actual[name]);
    }
    if (members) return;
    for (const [name, value] of Object.entries(actual)) {
      if (expected[name] === undefined) this.report('ADD', `${path}/${name}`, undefined, value);
    }
  }

  private compareLists(
    type: string,
    path: string,
    expected: readonly TemplateValue[],
    actual: readonly TemplateValue[],
  ): void {
    expected.forEach((value, index) => {
      this.compare(type, `${path}/${index}`, value, actual[index]);
    });
    actual.forEach((value, index) => {
      if (index >= expected.length) this.report('ADD', `${path}/${index}`, undefined, value);
    });
  }

  private compareSets(
    type: string,
    path: string,
    expected: readonly TemplateValue[],
    actual: readonly TemplateValue[],
  ): void {
    const unmatched = new Map(actual.entries());
    const take = (matches: (item: TemplateValue) => boolean) => {
      for (const [index, item] of unmatched) {
        if (matches(item)) {
          unmatched.delete(index);
          return item;
        }
      }
      return undefined;
    };
    const different = [...expected.entries()].filter(
      ([, value]) => take((item) => this.same(type, value, item)) === undefined,
    );
    for (const [index, value] of different) {
      const namesake = take((item) => sameIdentity(value, item));
      this.compare(type, `${path}/${index}`, value, namesake);
    }
    for (const [index, value] of unmatched)
      this.report('ADD', `${path}/${index}`, undefined, value);
  }

  private same(type: string, expected: TemplateValue, actual: TemplateValue): boolean {
    const comparison = new Comparison(this.schema);
    comparison.compare(type, '', expected, actual);
    return comparison.found.length === 0;
  }

  /** Undefined for documents and maps, and for definitions that are published without members. */
  private membersOf(type: string): Readonly<Record<string, string>> | undefined {
    if (type.startsWith('t')) return { Key: 's', Value: 's' };
    if (!type.startsWith('#')) return undefined;
    const members = this.schema.definitions?.[type.slice(1).replace(/!$/, '')];
    return members && Object.keys(members).length > 0 ? members : undefined;
  }

  private report(
    kind: PropertyDrift['kind'],
    path: string,
    expected: TemplateValue | undefined,
    actual: TemplateValue | undefined,
  ): void {
    this.found.push({ path, kind, expected, actual });
  }
}

/** Of a type with alternatives, the one that a value has the shape of. */
function typeFor(type: string, value: TemplateValue): string {
  if (!type.startsWith('(')) return type;
  const types = alternatives(type.replace(/!$/, ''));
  if (types.includes('j')) return 'j';
  const shape = isScalar(value) ? /^[snib]/ : isList(value) ? /^\[/ : /^[#{t]/;
  return types.find((one) => shape.test(one)) ?? 'j';
}

function memberType(type: string): string {
  return type.startsWith('{') ? type.slice(1) : 'j';
}

/** Documents may be given as text. */
function documentOf(value: TemplateValue): TemplateValue {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function listOf(value: TemplateValue): readonly TemplateValue[] {
  return isList<TemplateValue>(value) ? value : [value];
}

function isEmpty(value: TemplateValue): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sameIdentity(a: TemplateValue, b: TemplateValue): boolean {
  if (!isObject(a) || !isObject(b)) return false;
  return identifying.some((name) => a[name] !== undefined && sameValue(a[name], b[name]));
}
