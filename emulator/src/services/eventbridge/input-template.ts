import type { BusEvent } from './bus-event';
import { eventTime } from './bus-event';
import { invalid } from './errors';
import { JsonPath } from './json-path';

/** What a template can name besides the event: the rule that it is for. */
export interface TemplateSurroundings {
  readonly ruleArn: string;
  readonly ruleName: string;
}

const longestTemplate = 8_192;
const mostVariables = 100;

/** Variables that there are without a path. */
const predefined: Readonly<
  Record<string, (event: BusEvent, surroundings: TemplateSurroundings) => unknown>
> = {
  'aws.events.rule-arn': (_event, { ruleArn }) => ruleArn,
  'aws.events.rule-name': (_event, { ruleName }) => ruleName,
  'aws.events.event.ingestion-time': ({ ingestedAt }) => eventTime(ingestedAt),
  'aws.events.event': ({ document: { detail: _detail, ...rest } }) => rest,
  'aws.events.event.json': ({ document }) => document,
};

/** A piece of a template: text, or the name of a variable and whether it is inside a string of JSON. */
type Piece = string | { readonly variable: string; readonly inString: boolean };

/**
 * An input transformer: variables taken from the event, put into a template.
 *
 * Outside quotes a text gets quotes; inside them it is put as it is, and objects and lists lose their own
 * quotes. Nothing is escaped. What the event does not have is an empty text.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export class InputTemplate {
  private readonly paths: ReadonlyMap<string, JsonPath>;
  private readonly pieces: readonly Piece[];

  /** @throws ValidationException */
  constructor(
    targetId: string,
    template: string,
    paths: Readonly<Record<string, string>> | undefined,
  ) {
    const names = Object.keys(paths ?? {});
    if (template.length > longestTemplate)
      throw invalid(`InputTemplate for target ${targetId} is too long.`);
    if (names.length > mostVariables)
      throw invalid(`InputPathsMap for target ${targetId} has more than ${mostVariables} entries.`);
    for (const name of names)
      if (!/^[\w.-]+$/.test(name) || /^aws\./i.test(name))
        throw invalid(`Invalid InputPathsMap key for target ${targetId} : ${name}`);
    this.paths = new Map(
      Object.entries(paths ?? {}).map(([name, path]) => [
        name,
        new JsonPath(path, `InputPathsMap of target ${targetId}`),
      ]),
    );
    this.pieces = piecesOf(template);
    for (const piece of this.pieces)
      if (typeof piece !== 'string' && !this.paths.has(piece.variable))
        if (!(piece.variable in predefined))
          throw invalid(
            `Invalid InputTemplate for target ${targetId} : placeholder ${piece.variable} is not in InputPathsMap`,
          );
  }

  render(event: BusEvent, surroundings: TemplateSurroundings): string {
    return this.pieces
      .map((piece) => {
        if (typeof piece === 'string') return piece;
        const { variable, inString } = piece;
        const path = this.paths.get(variable);
        const value = path
          ? path.find(event.document)
          : predefined[variable]?.(event, surroundings);
        return textOf(value ?? (value === null ? null : ''), inString);
      })
      .join('');
  }
}

function textOf(value: unknown, inString: boolean): string {
  if (typeof value === 'string') return inString ? value : `"${value}"`;
  const json = JSON.stringify(value);
  return inString ? json.replaceAll('"', '') : json;
}

function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = [];
  const placeholder = /<([\w.-]+)>/g;
  let inString = false;
  let position = 0;
  for (const match of template.matchAll(placeholder)) {
    const before = template.slice(position, match.index);
    inString = endsInString(before, inString);
    pieces.push(before, { variable: match[1] ?? '', inString });
    position = match.index + match[0].length;
  }
  pieces.push(template.slice(position));
  return pieces;
}

/** Whether a string of JSON is open at the end of a text. */
function endsInString(text: string, inString: boolean): boolean {
  let open = inString;
  for (let index = 0; index < text.length; index++) {
    if (open && text[index] === '\\') index += 1;
    else if (text[index] === '"') open = !open;
  }
  return open;
}
