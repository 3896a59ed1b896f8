import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as library from 'cdk-decouple';
import { Construct } from 'constructs';
import { CdkCli } from '../../emulator/test/cdk-cli/cdk';
import { everyConstruct } from './every-construct';

const root = join(__dirname, '../..');
/** What needs brokers that not every machine has: test/engines deploys it. */
const inEngineTests = new Set(['ActiveStandbyBroker', 'RabbitMqBroker', 'order-broker']);

let cdk: CdkCli;
let leaksAfterBootstrap: string[];

beforeAll(async () => {
  cdk = await CdkCli.start();
  await succeed('bootstrap', `aws://000000000000/${cdk.aws.region}`);
  leaksAfterBootstrap = cdk.aws.leaks();
});
afterAll(() => cdk.stop());

/** Runs a command of the CLI that must succeed, and returns what it printed. */
async function succeed(...args: string[]): Promise<string> {
  const { code, output } = await cdk.run(args);
  if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

const deploy = (assembly: string, ...options: string[]) =>
  succeed('deploy', '--all', '--require-approval', 'never', '--app', assembly, ...options);

async function expectNoDifferences(assembly: string): Promise<void> {
  expect(await succeed('diff', '--fail', '--app', assembly)).toContain(
    'Number of stacks with differences: 0',
  );
  expect(await succeed('drift', '--fail', '--app', assembly)).not.toContain('drifted');
}

async function destroyWithoutLeaks(assembly: string): Promise<void> {
  await succeed('destroy', '--all', '--force', '--app', assembly);
  // Lambda itself makes log groups, which outlive their functions on AWS too.
  const leaks = cdk.aws.leaks().filter((line) => !line.includes('log-group:/aws/lambda/'));
  expect(leaks).toEqual(leaksAfterBootstrap);
}

describe('every construct, from deploy to destroy', () => {
  let directory: string;
  let assemblies: Readonly<Record<'first' | 'second', string>>;
  let constructs: readonly unknown[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'every-construct-'));
    const app = everyConstruct('first', join(directory, 'first'));
    assemblies = {
      first: app.synth().directory,
      second: everyConstruct('second', join(directory, 'second')).synth().directory,
    };
    constructs = app.node.findAll().map((construct) => construct.constructor);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const types: [string, unknown][] = Object.entries(library).filter(
    ([name, value]) =>
      typeof value === 'function' &&
      value.prototype instanceof Construct &&
      !inEngineTests.has(name),
  );
  test.each(types)('%s is in the app', (_name, type) => {
    expect(constructs).toContain(type);
  });

  test('deploy creates all stacks', async () => {
    expect(await deploy(assemblies.first)).toContain('✅  WriteBuffers');
    await expectNoDifferences(assemblies.first);
  });

  test('deploy of the next release updates what has changed', async () => {
    const output = await deploy(assemblies.second);
    expect(output).toContain('✅  Shared (no changes)');
    expect(output).toMatch(/UPDATE_COMPLETE\s+\| AWS::CloudFormation::Stack\s+\| WorkQueues/);
    expect(output).toMatch(/UPDATE_COMPLETE\s+\| AWS::CloudFormation::Stack\s+\| WriteBuffers/);
    expect(output).toMatch(/UPDATE_COMPLETE\s+\| AWS::CloudFormation::Stack\s+\| Streams/);
    await expectNoDifferences(assemblies.second);
  });

  test('destroy leaves nothing behind', () => destroyWithoutLeaks(assemblies.second));
});

describe('every app in bin, from synth to destroy', () => {
  let apps: string[];
  beforeAll(async () => {
    const files = await readdir(join(root, 'bin'), { withFileTypes: true });
    apps = files
      .filter((file) => file.isFile())
      .map(({ name }) => basename(name, '.ts'))
      .filter((name) => !inEngineTests.has(name));
  });

  test('deploy, diff, an update of everything that has tags, destroy', async () => {
    expect(apps.length).toBeGreaterThan(0);
    for (const name of apps) {
      const assembly = await cdk.synthesise(join(root, 'dist/bin', `${name}.js`), name);
      await deploy(assembly);
      await expectNoDifferences(assembly);
      expect(await deploy(assembly, '--tags', 'Release=second')).not.toContain('(no changes)');
      await expectNoDifferences(assembly);
      await destroyWithoutLeaks(assembly);
    }
  });
});
