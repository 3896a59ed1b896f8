import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTrace } from '../../demo/shop/trace-file';
import { videosOf } from '../../demo/workers/videos';

const directory = mkdtempSync(join(tmpdir(), 'trace-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, 'trace.csv');
  writeFileSync(path, text);
  return path;
}

describe('a trace of arrivals', () => {
  test.each([
    ['a number a line', '3\n0\n12\n'],
    ['a column of a file with a header', 'minute,arrivals\n08:00,3\n08:01,0\n08:02,12\n'],
  ])('is %s', async (_form, text) => {
    expect(await readTrace(file(text))).toEqual([3, 0, 12]);
  });

  test.each([
    ['3\nmany\n', /trace.csv:2: many is no whole number/],
    ['minute,visitors\n08:00,3\n', /trace.csv:1: minute is no whole number.*the column arrivals/],
    ['0\n0\n', /holds no arrival/],
    ['1\n'.repeat(1_441), /has 1441 minutes, and may have 1440/],
  ])('is refused where it is none: %j', async (text, message) => {
    await expect(readTrace(file(text))).rejects.toThrow(message);
  });

  test('that is not there is said', async () => {
    await expect(readTrace(join(directory, 'no.csv'))).rejects.toThrow(/cannot read .*no.csv/);
  });

  test('is spread over its minutes, in order', () => {
    const videos = videosOf([2, 0, 1]);
    expect(videos.map(({ at }) => at)).toEqual([15_000, 45_000, 150_000]);
    expect(new Set(videos.map(({ key }) => key)).size).toBe(3);
  });
});
