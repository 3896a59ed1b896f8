/** The part of jq-web that is used: jq itself, compiled to WebAssembly. */
interface JqModule {
  /**
   * @param input - JSON documents one after the other
   * @param flags - of the command line
   * @returns what jq prints
   * @throws Error with `stderr` if it fails
   */
  raw(input: string, query: string, flags: readonly string[]): string;
}

let loading: Promise<JqModule> | undefined;

/** Loads jq when it is first needed: 3 MB. */
function loadJq(): Promise<JqModule> {
  loading ??= require('jq-web');
  return loading ?? Promise.reject(new Error('jq-web exports nothing'));
}

/** What came of a query for one document. */
export type JqResult = { readonly value: unknown } | { readonly error: string };

/**
 * Runs a query on many documents in one go, each for itself: the last value that it gives counts.
 *
 * @param documents - valid JSON, without line breaks between tokens or with them
 * @throws Error if the query is malformed
 */
export async function runJq(documents: readonly string[], query: string): Promise<JqResult[]> {
  const jq = await loadJq();
  const each = `try {value: (last(${query}\n))} catch {error: tostring} // {error: "no value"}`;
  const output = jq.raw(documents.join('\n'), each, ['-c']);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line): JqResult => JSON.parse(line));
}

/** What is wrong with a query; undefined if nothing is. */
export async function jqSyntaxError(query: string): Promise<string | undefined> {
  const jq = await loadJq();
  try {
    jq.raw('null', `try ((${query}\n) | empty) catch empty`, ['-c']);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
