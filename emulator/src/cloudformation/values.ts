import type { TemplateValue } from './provider';

/** Stands for a value that is known only once a resource exists, while a template is checked. */
export const unresolved = Symbol('unresolved');

/** What `AWS::NoValue` yields: whatever holds it drops the property or the list element. */
export const noValue = Symbol('AWS::NoValue');

/** A resolved value in which parts may still be {@link unresolved}. */
export type PartialValue =
  | string
  | number
  | boolean
  | null
  | typeof unresolved
  | readonly PartialValue[]
  | PartialObject;

/** An object of partial values. */
export type PartialObject = { readonly [key: string]: PartialValue };

/** An object in a template. */
export type TemplateObject = { readonly [key: string]: TemplateValue };

/** Whether a template's value is an object. */
export function isObject(value: TemplateValue | undefined): value is TemplateObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a partial value is an object. */
export function isPartialObject(value: PartialValue | undefined): value is PartialObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList<T>(value: unknown, _element?: T): value is readonly T[] {
  return Array.isArray(value);
}

/** Whether a value is text, a number or a boolean, which templates use interchangeably. */
export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Whether anything in a value is still {@link unresolved}. */
export function isComplete(value: PartialValue): value is TemplateValue {
  if (value === unresolved) return false;
  if (Array.isArray(value)) return value.every((item: PartialValue) => isComplete(item));
  if (isPartialObject(value)) return Object.values(value).every(isComplete);
  return true;
}

/** A value without its unresolved parts; undefined if it is unresolved as a whole. */
export function withoutUnresolved(value: PartialValue): TemplateValue | undefined {
  if (value === unresolved) return undefined;
  if (isList<PartialValue>(value)) {
    return value.flatMap((item) => {
      const known = withoutUnresolved(item);
      return known === undefined ? [] : [known];
    });
  }
  if (isPartialObject(value)) {
    const known: Record<string, TemplateValue> = {};
    for (const [key, item] of Object.entries(value)) {
      const rest = withoutUnresolved(item);
      if (rest !== undefined) known[key] = rest;
    }
    return known;
  }
  return value;
}

/** A value with every string in it replaced, such as by what its dynamic references stand for. */
export async function mapStrings(
  value: TemplateValue,
  replace: (text: string) => Promise<string>,
): Promise<TemplateValue> {
  if (typeof value === 'string') return replace(value);
  if (isList<TemplateValue>(value)) {
    return Promise.all(value.map((item) => mapStrings(item, replace)));
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(
      async ([key, item]) => [key, await mapStrings(item, replace)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }
  return value;
}
