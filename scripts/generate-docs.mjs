// Writes docs/emulator/ from the emulator's own registry, after a build: `npm run docs`.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from 'cdk-decouple-emulator';
import { emulatorPages } from '../dist/scripts/emulator-pages.js';

const directory = process.argv[2] ?? 'docs/emulator';
const aws = await Emulator.start({ clock: 'manual' });
const pages = emulatorPages(aws.capabilities());
await aws.stop();

mkdirSync(directory, { recursive: true });
for (const name of readdirSync(directory)) {
  if (!pages.has(name)) rmSync(join(directory, name));
}
for (const [name, text] of pages) writeFileSync(join(directory, name), text);
console.log(`${pages.size} pages in ${directory}`);
