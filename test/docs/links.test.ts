import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documents, root, textOf } from './documents';

interface Link {
  readonly text: string;
  readonly target: string;
}

/** The links of a document to files and headings, code blocks left out. */
function relativeLinks(document: string): Link[] {
  const text = textOf(document).replaceAll(/^```.*?^```/gms, '');
  return [...text.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)]
    .map(([, label = '', target = '']) => ({ text: label, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** Names of a document's headings as a link gives them, in the way of GitHub. */
function anchors(document: string): string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function problem(document: string, { target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (file.startsWith('..') || !existsSync(join(root, file))) return `${target}: no such file`;
  if (anchor === undefined) return undefined;
  if (statSync(join(root, file)).isDirectory()) return `${target}: a folder has no headings`;
  return anchors(file).includes(anchor) ? undefined : `${target}: no such heading`;
}

test.each(documents)('every link of %s leads to a file or a heading that is there', (document) => {
  const problems = relativeLinks(document).flatMap((link) => problem(document, link) ?? []);
  expect(problems).toEqual([]);
});

test('nothing in the package of the emulator links to what is not in it', () => {
  // npm shows its README, and `dist` is all that comes with it.
  expect(relativeLinks('emulator/README.md')).toEqual([]);
});

test.each(
  documents.filter((document) => document.startsWith('docs/') && document !== 'docs/README.md'),
)('%s is linked from another document', (document) => {
  const linked = documents
    .filter((other) => other !== document)
    .some((other) =>
      relativeLinks(other).some(({ target }) => {
        const [path = ''] = target.split('#');
        const file = join(dirname(other), path);
        return file === document || file === dirname(document);
      }),
    );
  expect(linked).toBe(true);
});
