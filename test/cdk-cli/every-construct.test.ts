import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as library from 'cdk-decouple';
import { Construct } from 'constructs';
import { appLifecycle, describeReleases } from './app-lifecycle';
import { activeMqConstructs, appOfActiveMq, rabbitMqConstructs } from './broker-constructs';
import { everyConstruct } from './every-construct';

const root = join(__dirname, '../..');
const apps = appLifecycle();

describe('the library', () => {
  const directory = mkdtempSync(join(tmpdir(), 'every-construct-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  // Those with brokers are deployed by test/engines.
  const constructs = [everyConstruct, activeMqConstructs, rabbitMqConstructs]
    .flatMap((build) => build('first', directory).node.findAll())
    .map((construct) => construct.constructor);
  const types: [string, unknown][] = Object.entries(library).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof Construct,
  );
  test.each(types)('has %s in an app that is deployed', (_name, type) => {
    expect(constructs).toContain(type);
  });
});

describe('every construct that needs no broker, from deploy to destroy', () => {
  describeReleases(apps, everyConstruct, {
    updated: ['WorkQueues', 'WriteBuffers', 'FanOuts', 'Streams', 'MobilePushes', 'Workers'],
    unchanged: ['Shared'],
  });
});

describe('every app in bin that needs no broker, from synth to destroy', () => {
  const programs = readdirSync(join(root, 'bin'), { withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ name }) => basename(name, '.ts'))
    .filter((name) => name !== appOfActiveMq);

  test.each(programs)('%s: deploy, diff, an update of everything that has tags, destroy', (name) =>
    apps.expectWholeLife(join(root, 'dist/bin', `${name}.js`)),
  );
});
