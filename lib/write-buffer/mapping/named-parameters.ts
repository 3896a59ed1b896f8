/** A statement with positional parameters, and the name that each position had. */
export interface PositionalStatement {
  /** With `$1`, `$2` … in place of `:name`. */
  readonly text: string;
  /** `names[0]` is the name of `$1`; each name once. */
  readonly names: readonly string[];
}

// What is not a parameter comes first, so that a colon inside it is passed over: strings, quoted
// identifiers, dollar-quoted strings, comments, casts and slices of arrays.
const TOKEN =
  /(?:\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|::|:=)|:([A-Za-z_]\w*)/g;

/**
 * Puts `$1`, `$2` … for the `:name` parameters of a PostgreSQL statement.
 *
 * A name used twice gets one position. Colons within strings, quoted identifiers, comments and `::`
 * casts are left alone.
 */
export function toPositional(statement: string): PositionalStatement {
  const names: string[] = [];
  const text = statement.replace(TOKEN, (whole, _tag, name: string | undefined) => {
    if (name === undefined) {
      return whole;
    }
    if (!names.includes(name)) {
      names.push(name);
    }
    return `$${names.indexOf(name) + 1}`;
  });
  return { text, names };
}

/** True if something follows a semicolon that ends a statement. */
export function isSeveralStatements(statement: string): boolean {
  const bare = statement.replace(TOKEN, (whole) =>
    whole.startsWith('--') || whole.startsWith('/*') ? ' ' : 'x',
  );
  return /;\s*[^\s;]/.test(bare);
}
