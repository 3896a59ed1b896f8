import { readFileSync, writeFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { type Right, rightsIn, without } from './rights';

/** A stack on trial: what it is, and how to see that it does what it is for. */
export interface Trial {
  readonly build: (stack: Stack) => void;
  /** Rights that the trial cannot need, by a part of `<policy>/<action>`, and why. */
  readonly spared?: Readonly<Record<string, string>>;
  /** Throws, or tells that something was not done. */
  readonly works: (
    aws: Emulator<ManualClock>,
    deployment: Deployment,
    stack: Stack,
  ) => Promise<boolean>;
}

/** A stack that is synthesised once, and deployed with one right less each time. */
export class Variants {
  private readonly stack: Stack;
  private readonly file: string;
  private readonly template: Readonly<Record<string, unknown>>;

  constructor(private readonly trial: Trial) {
    const app = new App();
    this.stack = new Stack(app, 'Test');
    trial.build(this.stack);
    process.env.CDK_VALIDATION = 'false';
    this.file = app.synth().getStackArtifact(this.stack.artifactId).templateFullPath;
    delete process.env.CDK_VALIDATION;
    this.template = JSON.parse(readFileSync(this.file, 'utf8'));
  }

  get rights(): Right[] {
    const spared = Object.keys(this.trial.spared ?? {});
    return rightsIn(this.template).filter(
      ({ action, policy }) => !spared.some((part) => `${policy}/${action}`.includes(part)),
    );
  }

  /** Whether the stack is deployed and does what it is for, with or without a right. */
  async works(missing?: Right): Promise<boolean> {
    // A deployment takes the assembly that is there already.
    const template = missing ? without(this.template, missing) : this.template;
    writeFileSync(this.file, JSON.stringify(template));
    const aws = await Emulator.start({
      clock: 'manual',
      databases: 'shared',
      firehoseEndpoints: { '*': 'capture' },
    });
    try {
      const deployment = await aws.deploy(this.stack);
      return await this.trial.works(aws, deployment, this.stack);
    } catch (error) {
      if (!missing) throw error;
      return false;
    } finally {
      await aws.stop();
    }
  }
}

/** Declares the tests of a stack: it works as it is, and without any one right it does not. */
export function everyRightCounts(what: string, trial: Trial): void {
  describe(what, () => {
    const variants = new Variants(trial);
    test('works with the rights that it has', async () => {
      expect(await variants.works()).toBe(true);
    });
    test.each(variants.rights.map((right) => [right.action, right.policy, right] as const))(
      'does not work without %s of %s',
      async (_action, _policy, right) => {
        expect(await variants.works(right)).toBe(false);
      },
    );
  });
}
