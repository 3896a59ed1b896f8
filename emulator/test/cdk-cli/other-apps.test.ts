import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { CdkCli } from './cdk';

// One story, told in order, for bootstrapping takes its time.
describe('the CDK CLI with apps that are not ours', () => {
  const app = 'other-apps.js';
  const production = { AWS_ACCESS_KEY_ID: '111111111111' };
  let cdk: CdkCli;

  beforeAll(async () => {
    cdk = await CdkCli.start();
    const regions = ['us-east-1', 'eu-central-1'];
    await cdk.run(['bootstrap', ...regions.map((region) => `aws://000000000000/${region}`)]);
  });
  afterAll(() => cdk.stop());

  const deploy = (assembly: string, options: readonly string[] = [], variables = {}) =>
    cdk.run(['deploy', '--require-approval', 'never', '--app', assembly, ...options], variables);

  const status = async (StackName: string, options = {}) => {
    const client = cdk.aws.client(CloudFormation, options);
    return (await client.describeStacks({ StackName })).Stacks?.[0]?.StackStatus;
  };

  test('in express mode, and takes it down again', async () => {
    const assembly = await cdk.synthesise(app, 'events');
    expect(await deploy(assembly, ['--express'])).toMatchObject({ code: 0 });
    expect(await status('Uploads')).toBe('CREATE_COMPLETE');
    const destroyed = await cdk.run(['destroy', '--force', '--app', assembly, '--express']);
    expect(destroyed).toMatchObject({ code: 0 });
  });

  test('with nested stacks: diff shows what changes in each', async () => {
    const assembly = await cdk.synthesise(app, 'nested');
    expect(await deploy(assembly)).toMatchObject({ code: 0 });
    const command = `node ${require.resolve('./other-apps.js')}`;
    const changed = { VERSION: 'nested', CHANGE: 'changed' };
    const { output, code } = await cdk.run(['diff', '--app', command], changed);
    expect(code).toBe(0);
    expect(output).toContain('[~] AWS::SSM::Parameter Workers/Settings');
    expect(output).toContain('Number of stacks with differences: 2');
    expect(await deploy(command, [], changed)).toMatchObject({ code: 0 });
    expect(await status('Shop')).toBe('UPDATE_COMPLETE');
  });

  test('with stages in several accounts and Regions, which read each other', async () => {
    const assembly = await cdk.synthesise(app, 'stages');
    expect(await deploy(assembly, ['Dev/*'])).toMatchObject({ code: 0 });
    expect(await status('Dev-Copy', { region: 'eu-central-1' })).toBe('CREATE_COMPLETE');
    const environments = ['aws://111111111111/eu-west-1', 'aws://111111111111/eu-central-1'];
    await cdk.run(['bootstrap', ...environments], production);
    expect(await deploy(assembly, ['Prod/*'], production)).toMatchObject({ code: 0 });
    const there = { account: '111111111111', region: 'eu-central-1' };
    expect(await status('Prod-Copy', there)).toBe('CREATE_COMPLETE');
  });

  test('imports what exists, by name and by itself', async () => {
    const assembly = await cdk.synthesise(app, 'existing');
    await cdk.aws.client(S3).createBucket({ Bucket: 'made-by-hand' });
    const mapping = '{"Bucket83908E77":{"BucketName":"made-by-hand"}}';
    const imported = await cdk.run([
      'import',
      '--app',
      assembly,
      '--resource-mapping-inline',
      mapping,
    ]);
    expect(imported).toMatchObject({ code: 0 });
    expect(await status('Legacy')).toBe('IMPORT_COMPLETE');
    await cdk.run(['destroy', '--force', '--app', assembly]);
    const { code, output } = await deploy(assembly, ['--import-existing-resources']);
    expect(code).toBe(0);
    expect(output).toContain('IMPORT_COMPLETE');
  });

  test('says why it cannot take an image of a container', async () => {
    const assembly = await cdk.synthesise(app, 'image');
    const { code, output } = await deploy(assembly);
    expect(code).toBe(1);
    expect(output).toContain(
      'does not implement Amazon ECR and images of containers, so that a Docker image asset cannot be published',
    );
  });
});
