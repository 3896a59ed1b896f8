import type { JsonPath } from './json-path';

/**
 * The text of the value at `path` in a JSON document, just as it was written: `12.10` stays `12.10`, and
 * numbers with more digits than a double holds keep them.
 *
 * @param document must be valid JSON: the scanner does not check
 * @returns undefined if there is no such value
 */
export function jsonTextAt(document: string, path: JsonPath): string | undefined {
  let start = skipSpace(document, 0);
  for (const step of path) {
    const found =
      typeof step === 'number'
        ? startOfElement(document, start, step)
        : startOfMember(document, start, step);
    if (found === undefined) {
      return undefined;
    }
    start = found;
  }
  return document.slice(start, endOfValue(document, start));
}

/** The members of an object, as its text has them: names without their quotes, values as they are written. */
export function* membersOf(document: string): Generator<readonly [name: string, value: string]> {
  let at = skipSpace(document, skipSpace(document, 0) + 1);
  while (document[at] === '"') {
    const keyEnd = endOfString(document, at);
    const start = skipSpace(document, skipSpace(document, keyEnd) + 1);
    const end = endOfValue(document, start);
    yield [String(JSON.parse(document.slice(at, keyEnd))), document.slice(start, end)];
    at = nextItem(document, end);
  }
}

/** The elements of an array, as they are written. */
export function* elementsOf(document: string): Generator<string> {
  let at = skipSpace(document, skipSpace(document, 0) + 1);
  while (document[at] !== ']' && at < document.length) {
    const end = endOfValue(document, at);
    yield document.slice(at, end);
    at = nextItem(document, end);
  }
}

/** Of members with the same name the last one counts, as with JSON.parse. */
function startOfMember(document: string, start: number, name: string): number | undefined {
  if (document[start] !== '{') {
    return undefined;
  }
  let found: number | undefined;
  let at = skipSpace(document, start + 1);
  while (document[at] === '"') {
    const keyEnd = endOfString(document, at);
    const key: unknown = JSON.parse(document.slice(at, keyEnd));
    const value = skipSpace(document, skipSpace(document, keyEnd) + 1);
    if (key === name) {
      found = value;
    }
    at = nextItem(document, endOfValue(document, value));
  }
  return found;
}

function startOfElement(document: string, start: number, index: number): number | undefined {
  if (document[start] !== '[') {
    return undefined;
  }
  let at = skipSpace(document, start + 1);
  for (let position = 0; document[at] !== ']' && at < document.length; position++) {
    if (position === index) {
      return at;
    }
    at = nextItem(document, endOfValue(document, at));
  }
  return undefined;
}

/** From the end of an item to the start of the next one, or to the closing bracket. */
function nextItem(document: string, end: number): number {
  const at = skipSpace(document, end);
  return document[at] === ',' ? skipSpace(document, at + 1) : at;
}

function endOfValue(document: string, start: number): number {
  const first = document[start];
  if (first === '"') {
    return endOfString(document, start);
  }
  if (first !== '{' && first !== '[') {
    return endOfLiteral(document, start);
  }
  let depth = 0;
  for (let at = start; at < document.length; at++) {
    const character = document[at];
    if (character === '"') {
      at = endOfString(document, at) - 1;
    } else if (character === '{' || character === '[') {
      depth++;
    } else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return document.length;
}

function endOfString(document: string, start: number): number {
  let at = start + 1;
  while (at < document.length && document[at] !== '"') {
    at += document[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

function endOfLiteral(document: string, start: number): number {
  let at = start;
  while (at < document.length && !/[\s,\]}]/.test(document.charAt(at))) {
    at++;
  }
  return at;
}

function skipSpace(document: string, start: number): number {
  let at = start;
  while (/\s/.test(document.charAt(at))) {
    at++;
  }
  return at;
}
