import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks, documents, root } from './documents';

test('every TypeScript block of the documentation compiles', () => {
  mkdirSync(join(root, '.jest-cache'), { recursive: true });
  const directory = mkdtempSync(join(root, '.jest-cache', 'code-blocks-'));
  try {
    let blocks = 0;
    for (const document of documents) {
      for (const { line, code } of codeBlocks(document)) {
        const name = `${document.replaceAll(/[/.]/g, '-')}-line-${line}.ts`;
        // A module of its own, so that blocks may use the same names; awaits as in a test.
        writeFileSync(join(directory, name), `${code}\nexport {};\n`);
        blocks += 1;
      }
    }
    writeFileSync(
      join(directory, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.test.json',
        compilerOptions: {
          noUnusedLocals: false,
          rootDir: '../..',
          module: 'esnext',
          moduleResolution: 'bundler',
        },
        include: ['*.ts'],
      }),
    );
    expect(blocks).toBeGreaterThan(3);
    expect(compilerErrors(directory)).toBe('');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function compilerErrors(directory: string): string {
  try {
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', directory],
      {
        encoding: 'utf8',
        stdio: 'pipe',
      },
    );
    return '';
  } catch (error) {
    return typeof error === 'object' && error !== null && 'stdout' in error
      ? String(error.stdout)
      : String(error);
  }
}
