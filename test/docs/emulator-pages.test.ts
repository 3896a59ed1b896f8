import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from 'cdk-decouple-emulator';
import { emulatorPages } from '../../scripts/emulator-pages';

const directory = join(__dirname, '../../docs/emulator');

test('the pages on the emulator say what it does: if they do not, `npm run docs` writes them', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  const pages = emulatorPages(aws.capabilities());
  await aws.stop();
  const written = readdirSync(directory).map((name): [string, string] => [
    name,
    readFileSync(join(directory, name), 'utf8'),
  ]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(pages));
});
