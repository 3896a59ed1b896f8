import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const services = join(__dirname, '../src/services');

const names = readdirSync(services, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The files of a service, relative to all services. */
const filesOf = (service: string): string[] =>
  readdirSync(join(services, service), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(service, file));

/** The services whose folders a file imports from. */
function importedBy(file: string): string[] {
  const text = readFileSync(join(services, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)]
    .flatMap(([, path = '']) =>
      relative(services, join(services, dirname(file), path)).split(sep, 1),
    )
    .filter((service) => names.includes(service));
}

test.each(names)('%s reaches other services only through what the composition hands it', (name) => {
  const imports = filesOf(name).flatMap((file) =>
    importedBy(file)
      .filter((service) => service !== name)
      .map((service) => `${file} imports ${service}`),
  );
  expect(imports).toEqual([]);
});

test('an import of another service would be seen', () => {
  expect(importedBy(join('sns', 'index.ts'))).toContain('sns');
});
