import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { runCli } from './server-process';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'check-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('what a template would come to, before it is deployed', () => {
  test('is told for one file, with exit code 1 if something is unsupported', async () => {
    const file = join(directory, 'template.yaml');
    await writeFile(
      file,
      [
        'Parameters: { Name: { Type: String } }',
        'Resources:',
        '  Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Name } }',
        '  Images: { Type: AWS::ECR::Repository }',
        '  Build: { Type: AWS::GameLift::Build }',
        '',
      ].join('\n'),
    );
    const refused = await runCli('check', file);
    expect(refused).toEqual({
      code: 1,
      stderr: '',
      stdout: `${file}
  emulated
    AWS::SQS::Queue 1
  recorded
    AWS::ECR::Repository 1
  unsupported
    resource type AWS::GameLift::Build (Build)
--allow-recorded would record AWS::GameLift::Build
`,
    });
    const allowed = await runCli('check', '--allow-recorded=AWS::GameLift::*', file);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/recorded only because allowed\n {4}AWS::GameLift::Build 1\n$/);
  }, 20_000);

  test('is told for each stack of a cloud assembly, those of stages and nested ones included', async () => {
    const app = new App({ outdir: directory });
    const shop = new Stack(app, 'Shop');
    new Queue(shop, 'Orders');
    new Repository(new NestedStack(shop, 'Images'), 'Repository');
    const production = new Stack(new Stage(app, 'Production'), 'Shop');
    new CfnResource(production, 'Misspelt', { type: 'AWS::SQS::Que' });
    app.synth();
    const { code, stdout } = await runCli('check', directory, '--allow-recorded');
    expect(code).toBe(1);
    expect(stdout.replaceAll(/[0-9A-F]{8}/g, 'HASH')).toBe(`Production-Shop
  wrong
    Template format error: Unrecognized resource types: [AWS::SQS::Que]
Shop
  emulated
    AWS::CloudFormation::Stack 1
    AWS::SQS::Queue 1
Shop/ImagesNestedStackImagesNestedStackResourceHASH
  recorded
    AWS::ECR::Repository 1
`);
  }, 20_000);

  test.each([
    [['check'], /check takes one path/],
    [['check', '/nowhere'], /check takes a template or a cloud assembly \(cdk.out\): ENOENT/],
    [['--allow-recorded=Queue', 'check', __filename], /allowRecorded takes names.*got Queue/],
  ])(
    'with %j is an error of one line',
    async (args, message) => {
      const { code, stderr } = await runCli(...args);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    },
    20_000,
  );
});
