import { transformSync } from '@swc/core';
import { codeBlocks, documents } from './documents';

const examples = documents.flatMap((document) =>
  codeBlocks(document)
    .filter(({ code }) => /^test\(/m.test(code))
    .map(({ line, code }) => ({ name: `${document}:${line}`, code })),
);

/** Declares the tests of an example, whose imports are resolved as those of this file. */
function declareTests(code: string): void {
  const { code: javascript } = transformSync(code, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  new Function('require', 'exports', javascript)(require, {});
}

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(2);
});

describe.each(examples)('the example in $name', ({ code }) => {
  declareTests(code);
});
