import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root. */
export const root = join(__dirname, '../..');

/** Every document of the repository, as a path below its root. */
export const documents: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  join('bench', 'README.md'),
  join('emulator', 'README.md'),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
];

/** The text of a document. */
export function textOf(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

/** Every TypeScript block of a document, with the line that it starts on. */
export function codeBlocks(document: string): { line: number; code: string }[] {
  const text = textOf(document);
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    code: match[1] ?? '',
  }));
}
