import { compileExpression, type Expression } from './expression';
import type { FilterPattern } from './match';
import { invalidPattern } from './pattern-errors';
import type { Regexes } from './regular-expression';

/** Text of a field, by its selector. */
type Fields = Readonly<Record<string, string>>;

/** A place in a pattern. */
interface Place {
  /** Undefined if it has none: it is found by its position alone. */
  readonly name: string | undefined;
  readonly condition: Expression<Fields> | undefined;
}

const ellipsis = '...';
const name = '[A-Za-z0-9_-]+';

/**
 * Compiles a pattern for messages of fields with spaces between them, such as `[ip, user, ..., status = 4*, bytes]`. What is in
 * brackets or in quotes is one field. The last place takes the rest of the message; `...` takes any number of fields.
 *
 * @throws ServiceError InvalidParameterException if it is no pattern
 */
export function delimitedPattern(text: string, regexes: Regexes): Omit<FilterPattern, 'regexes'> {
  if (!text.endsWith(']')) throw invalidPattern();
  const parts = partsOf(text.slice(1, -1));
  const gap = parts.indexOf(ellipsis);
  if (gap !== parts.lastIndexOf(ellipsis)) throw invalidPattern();
  const compile = (part: string) => placeOf(part, regexes);
  const before = (gap < 0 ? parts : parts.slice(0, gap)).map(compile);
  const after = (gap < 0 ? [] : parts.slice(gap + 1)).map(compile);
  return {
    selects: true,
    match(message) {
      const values = gap < 0 ? fieldsOf(message, before.length) : fieldsOf(message);
      if (values.length < before.length + after.length) return undefined;
      const places = new Map([
        ...before.map((place, i) => [i, place] as const),
        ...after.map((place, i) => [values.length - after.length + i, place] as const),
      ]);
      const fields: Record<string, string> = {};
      for (const [i, value] of values.entries()) fields[`$${places.get(i)?.name ?? i + 1}`] = value;
      for (const { condition } of places.values())
        if (condition && !condition(fields)) return undefined;
      const byPosition = (selector: string) => values[Number(selector.slice(1)) - 1];
      return { value: (selector) => fields[selector] ?? byPosition(selector), fields };
    },
  };
}

/** What is between commas; `[]` says nothing of any field. */
function partsOf(text: string): string[] {
  if (text.trim() === '') return [ellipsis];
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|%[^%]*%|[^,])+|(?<=,)(?=,)|(?<=,)$|^(?=,)/g) ?? [];
  return parts.map((part) => part.trim());
}

function placeOf(part: string, regexes: Regexes): Place {
  if (part === '') return { name: undefined, condition: undefined };
  const [own] = new RegExp(`^\\(*\\s*(${name})`).exec(part)?.slice(1) ?? [];
  if (own === undefined) throw invalidPattern();
  if (own === part) return { name: own, condition: undefined };
  const condition = compileExpression<Fields>(
    part,
    {
      select(selector) {
        if (selector !== own) throw invalidPattern();
        return (fields) => [fields[`$${own}`]];
      },
      numberOf,
      hasWords: false,
    },
    regexes,
  );
  return { name: own, condition };
}

/** @param most - from the last of which on a field takes all that is left. @default - each field is one */
function fieldsOf(message: string, most = Number.POSITIVE_INFINITY): string[] {
  const fields: string[] = [];
  for (const found of message.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)) {
    const [whole, bracketed, quoted] = found;
    if (fields.length + 1 === most) {
      const rest = message.slice(found.index).trimEnd();
      fields.push(rest === whole ? (bracketed ?? quoted ?? whole) : rest);
      break;
    }
    fields.push(bracketed ?? quoted ?? whole);
  }
  return fields;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}
