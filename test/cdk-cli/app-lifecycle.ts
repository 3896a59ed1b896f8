import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { CdkCli } from '../../emulator/test/cdk-cli/cdk';

/** Which of two releases of an app: the second changes something of every construct. */
export type Release = 'first' | 'second';

/** What the CDK CLI is asked from the first deployment of an app to its end. */
export interface AppLifecycle {
  /** Deploys all stacks, and returns what the CLI printed. */
  deploy(assembly: string, ...options: string[]): Promise<string>;
  /** Fails if the CLI finds a difference or a drift. */
  expectNoDifferences(assembly: string): Promise<void>;
  /** Destroys all stacks, and fails if anything is left of them. */
  destroyWithoutLeaks(assembly: string): Promise<void>;
  /** Takes an app that is a program through all of it, with an update of everything that has tags. */
  expectWholeLife(program: string): Promise<void>;
}

/** Starts an emulator for the tests of a file, and bootstraps it. */
export function appLifecycle(): AppLifecycle {
  let cdk: CdkCli;
  let leaksAfterBootstrap: string[];

  beforeAll(async () => {
    cdk = await CdkCli.start();
    await succeed('bootstrap', `aws://000000000000/${cdk.aws.region}`);
    leaksAfterBootstrap = cdk.aws.leaks();
  });
  afterAll(() => cdk.stop());

  async function succeed(...args: string[]): Promise<string> {
    const { code, output } = await cdk.run(args);
    if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  const lifecycle: AppLifecycle = {
    deploy: (assembly, ...options) =>
      succeed('deploy', '--all', '--require-approval', 'never', '--app', assembly, ...options),
    async expectNoDifferences(assembly) {
      expect(await succeed('diff', '--fail', '--app', assembly)).toContain(
        'Number of stacks with differences: 0',
      );
      expect(await succeed('drift', '--fail', '--app', assembly)).not.toContain('drifted');
    },
    async destroyWithoutLeaks(assembly) {
      await succeed('destroy', '--all', '--force', '--app', assembly);
      expect(cdk.aws.leaks().filter((line) => !outlivesItsStack(line))).toEqual(
        leaksAfterBootstrap,
      );
    },
    async expectWholeLife(program) {
      const assembly = await cdk.synthesise(program, basename(program, '.js'));
      await lifecycle.deploy(assembly);
      await lifecycle.expectNoDifferences(assembly);
      expect(await lifecycle.deploy(assembly, '--tags', 'Release=second')).not.toContain(
        '(no changes)',
      );
      await lifecycle.expectNoDifferences(assembly);
      await lifecycle.destroyWithoutLeaks(assembly);
    },
  };
  return lifecycle;
}

/** Log groups that a service makes by itself, which outlive what they are of on AWS too. */
function outlivesItsStack(leak: string): boolean {
  return ['log-group:/aws/lambda/', 'log-group:/aws/amazonmq/'].some((name) => leak.includes(name));
}

/**
 * Declares the tests of an app in two releases: one is deployed after the other, neither differs from what is there then, and in the end nothing is left.
 *
 * @param updated - names of the stacks that the second release changes
 */
export function describeReleases(
  { deploy, destroyWithoutLeaks, expectNoDifferences }: AppLifecycle,
  build: (release: Release, outdir: string) => App,
  { unchanged = [], updated }: { readonly unchanged?: string[]; readonly updated: string[] },
): void {
  let directory: string;
  let assemblies: Readonly<Record<Release, string>>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'releases-'));
    const synthesise = (release: Release) =>
      build(release, join(directory, release)).synth().directory;
    assemblies = { first: synthesise('first'), second: synthesise('second') };
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('deploy creates all stacks', async () => {
    const output = await deploy(assemblies.first);
    for (const stack of [...updated, ...unchanged]) expect(output).toContain(`✅  ${stack}`);
    await expectNoDifferences(assemblies.first);
  });

  test('deploy of the next release updates what has changed', async () => {
    const output = await deploy(assemblies.second);
    for (const stack of unchanged) expect(output).toContain(`✅  ${stack} (no changes)`);
    for (const stack of updated)
      expect(output).toMatch(
        new RegExp(`UPDATE_COMPLETE\\s+\\| AWS::CloudFormation::Stack\\s+\\| ${stack}`),
      );
    await expectNoDifferences(assemblies.second);
  });

  test('destroy leaves nothing behind', () => destroyWithoutLeaks(assemblies.second));
}
