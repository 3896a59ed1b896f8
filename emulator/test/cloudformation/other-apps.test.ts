import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { App } from 'aws-cdk-lib';
import { Emulator, type ManualClock } from '../../src';

const { build }: { build(name: string, app: App): void } = require('../cdk-cli/other-apps');

let aws: Emulator<ManualClock>;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});
afterEach(() => aws.stop());

function appOf(name: string): App {
  const app = new App();
  build(name, app);
  return app;
}

async function parameter(Name: string, options = {}): Promise<string | undefined> {
  return (await aws.client(SSM, options).getParameter({ Name })).Parameter?.Value;
}

describe('an app that is not ours', () => {
  test('with uploads that go through a queue to a function', async () => {
    const app = appOf('events');
    const deployment = await aws.deploy(app);
    await aws.client(S3).putObject({
      Bucket: deployment.output('BucketName'),
      Key: 'one.txt',
      Body: 'one',
    });
    await aws.clock.advance(10_000);
    expect(await parameter(deployment.output('LastName'))).toBe('one.txt');
    await aws.destroy(app);
    expect(aws.leaks().filter((line) => !line.includes('log group'))).toEqual([]);
  }, 20_000);

  test('with nested stacks that need each other', async () => {
    const app = appOf('nested');
    const deployment = await aws.deploy(app);
    expect(await parameter(deployment.output('SettingsName'))).toMatch(
      /^arn:aws:sqs:us-east-1:000000000000:Shop-\S+\.fifo arn:aws:sns:us-east-1:000000000000:Shop-\S+ $/,
    );
    await aws.destroy(app);
    expect(aws.leaks()).toEqual([]);
  });

  test('with stages in several accounts and Regions', async () => {
    const app = appOf('stages');
    const deployment = await aws.deploy(app);
    expect(deployment.stackNames).toEqual([
      'Dev-Core',
      'Dev-Copy',
      'Dev-Near',
      'Prod-Core',
      'Prod-Copy',
      'Prod-Near',
    ]);
    const production = { account: '111111111111', region: 'eu-central-1' };
    expect(await parameter('/jobs', production)).toMatch(/\/111111111111\/Prod-Core-Jobs/);
    expect(await parameter('/near', { ...production, region: 'eu-west-1' })).toMatch(
      /^arn:aws:sqs:eu-west-1:111111111111:Prod-Core-Jobs/,
    );
    await aws.destroy(app);
    expect(aws.leaks()).toEqual([]);
  });
});
