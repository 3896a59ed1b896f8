import type { ResourceSchema } from './resource-schemas';
import { isList, isPartialObject, isScalar, type PartialValue, unresolved } from './values';

/**
 * Checks properties against the published schema: unknown ones, missing ones, wrong types. As
 * CloudFormation does, it takes numbers and booleans written as text, and scalars where text is due.
 *
 * @returns one line for each problem, empty if there is none; unresolved values are taken for right.
 */
export function validateProperties(schema: ResourceSchema, properties: PartialValue): string[] {
  const problems: string[] = [];
  checkMembers(schema.properties, properties, '#', schema, problems);
  return problems;
}

function checkMembers(
  members: Readonly<Record<string, string>>,
  value: PartialValue,
  path: string,
  schema: ResourceSchema,
  problems: string[],
): void {
  if (value === unresolved) return;
  if (!isPartialObject(value)) {
    problems.push(`${path}: expected type: JSONObject, found: ${kind(value)}`);
    return;
  }
  // Some published definitions are open: they name no members.
  if (Object.keys(members).length === 0) return;
  for (const [name, type] of Object.entries(members)) {
    if (type.endsWith('!') && value[name] === undefined) {
      problems.push(`${path}: required key [${name}] not found`);
    }
  }
  for (const [name, member] of Object.entries(value)) {
    const type = members[name];
    if (type === undefined) problems.push(`${path}: extraneous key [${name}] is not permitted`);
    else checkType(type.replace(/!$/, ''), member, `${path}/${name}`, schema, problems);
  }
}

function checkType(
  type: string,
  value: PartialValue,
  path: string,
  schema: ResourceSchema,
  problems: string[],
): void {
  if (value === unresolved) return;
  const rest = type.slice(1);
  switch (type[0]) {
    case '[':
      if (!isList<PartialValue>(value)) mismatch('JSONArray');
      else {
        value.forEach((item, index) => {
          checkType(rest, item, `${path}/${index}`, schema, problems);
        });
      }
      return;
    case '{':
      if (!isPartialObject(value)) mismatch('JSONObject');
      else {
        for (const [key, item] of Object.entries(value)) {
          checkType(rest, item, `${path}/${key}`, schema, problems);
        }
      }
      return;
    case '#':
      checkMembers(schema.definitions?.[rest] ?? {}, value, path, schema, problems);
      return;
    case '(':
      checkAlternatives(alternatives(type), value, path, schema, problems);
      return;
    case 't':
      checkMembers({ Key: 's!', Value: 's' }, value, path, schema, problems);
      return;
    case 's':
      if (!isScalar(value)) mismatch('String');
      return;
    case 'n':
      if (!isScalar(value) || !isNumeric(value)) mismatch('Number');
      return;
    case 'i':
      if (!isScalar(value) || !isNumeric(value) || !Number.isInteger(Number(value))) {
        mismatch('Integer');
      }
      return;
    case 'b':
      if (!isScalar(value) || !['true', 'false'].includes(String(value))) mismatch('Boolean');
      return;
    default:
      return; // JSON: anything
  }

  function mismatch(expected: string): void {
    const found = isScalar(value) ? `${kind(value)} (${String(value)})` : kind(value);
    problems.push(`${path}: expected type: ${expected}, found: ${found}`);
  }
}

/** The value must fit one of the types; if it fits none, the problems are those of the nearest. */
function checkAlternatives(
  types: readonly string[],
  value: PartialValue,
  path: string,
  schema: ResourceSchema,
  problems: string[],
): void {
  const results = types.map((type) => {
    const found: string[] = [];
    checkType(type, value, path, schema, found);
    return found;
  });
  const [nearest] = results.sort((a, b) => a.length - b.length);
  problems.push(...(nearest ?? []));
}

/** Splits a type `(a|(b|c)|d)` at its own bars. */
export function alternatives(type: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of type.slice(1, -1)) {
    if (character === '|' && depth === 0) {
      parts.push(current);
      current = '';
      continue;
    }
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    current += character;
  }
  return [...parts, current];
}

function isNumeric(value: string | number | boolean): boolean {
  if (typeof value === 'boolean') return false;
  return String(value).trim() !== '' && !Number.isNaN(Number(value));
}

function kind(value: PartialValue): string {
  if (value === null) return 'Null';
  if (isList(value)) return 'JSONArray';
  if (typeof value === 'object') return 'JSONObject';
  return (
    { string: 'String', number: 'Number', boolean: 'Boolean' }[String(typeof value)] ?? 'value'
  );
}
