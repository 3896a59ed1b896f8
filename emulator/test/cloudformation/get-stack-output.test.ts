import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { SSM } from '@aws-sdk/client-ssm';
import { App, CrossStackReferences, Fn, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { CfnHostedZone } from 'aws-cdk-lib/aws-route53';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Emulator } from '../../src';
import { account, engine, failure, holder, queue, rejection } from './harness';

const producer = (seconds = 1) => ({
  Resources: { A: queue({ DelaySeconds: seconds }) },
  Outputs: { Name: { Value: `orders-${seconds}` } },
});
const consumer = (query: object) => ({
  Resources: { P: holder({ 'Fn::GetStackOutput': query }) },
});
const names = { StackName: 'Producer', OutputName: 'Name' };

describe('Fn::GetStackOutput', () => {
  test('returns an output that is not exported, and does not protect it', async () => {
    const { create, remove, parameters } = engine();
    await create(producer(), { name: 'Producer' });
    await create(consumer(names), { name: 'Consumer' });
    expect(parameters.properties('P').Value).toBe('orders-1');
    await remove('Producer');
  });

  test('has a short form in YAML, and arguments that are functions', async () => {
    const { create, parameters } = engine();
    await create(producer(), { name: 'Producer' });
    await create(
      [
        'Parameters: { From: { Type: String, Default: Producer } }',
        'Resources:',
        '  P:',
        '    Type: AWS::SSM::Parameter',
        '    Properties:',
        '      Type: String',
        '      Value: !GetStackOutput',
        '        StackName: !Ref From',
        '        OutputName: Name',
        '        Region: !Ref AWS::NoValue',
        '',
      ].join('\n'),
    );
    expect(parameters.properties('P').Value).toBe('orders-1');
  });

  test('reaches other regions, and other accounts through a role', async () => {
    const asked: unknown[] = [];
    const { create, parameters } = engine({
      authorizeStackOutput: ({ roleArn, stackId }) => asked.push([roleArn, stackId.slice(0, 60)]),
    });
    const other = '111111111111';
    const roleArn = `arn:aws:iam::${other}:role/reader`;
    await create(producer(2), { name: 'Producer', region: 'eu-west-1' });
    await create(producer(3), { name: 'Producer', account: other, region: 'eu-west-1' });
    await create({
      Resources: {
        ThisAccount: holder({ 'Fn::GetStackOutput': { ...names, Region: 'eu-west-1' } }),
        OtherAccount: holder({
          'Fn::GetStackOutput': { ...names, Region: 'eu-west-1', RoleArn: roleArn },
        }),
      },
    });
    expect(parameters.properties('ThisAccount').Value).toBe('orders-2');
    expect(parameters.properties('OtherAccount').Value).toBe('orders-3');
    const stack = (owner: string) => `arn:aws:cloudformation:eu-west-1:${owner}:stack/Producer`;
    expect(asked).toEqual([
      [undefined, stack(account)],
      [roleArn, stack(other)],
    ]);
  });

  test.each([
    [{ OutputName: 'Name' }, /every Fn::GetStackOutput object requires StackName and OutputName/],
    [{ ...names, Stack: 'x' }, /every Fn::GetStackOutput object requires StackName and OutputName/],
    ['Producer', /every Fn::GetStackOutput object requires StackName and OutputName/],
    [{ ...names, OutputName: ['Name'] }, /must resolve to strings/],
    [names, /Stack with id Producer does not exist/],
    [{ ...names, RoleArn: 'reader' }, /Role reader is invalid/],
  ])('of %j fails before anything is created', async (query, message) => {
    const { invalid } = await rejection({
      Resources: { P: holder({ 'Fn::GetStackOutput': query }) },
    });
    expect(invalid).toEqual([expect.stringMatching(message)]);
  });

  test('of an output that the stack does not have fails, naming both', async () => {
    const { create } = engine();
    await create(producer(), { name: 'Producer' });
    await expect(create(consumer({ ...names, OutputName: 'Nope' }))).rejects.toThrow(
      'Stack Producer has no output named Nope',
    );
  });

  test('that the caller may not read fails the resource, and rolls back', async () => {
    const { create } = engine({
      authorizeStackOutput: () => {
        throw new Error('not authorized to perform: cloudformation:DescribeStacks');
      },
    });
    await create(producer(), { name: 'Producer' });
    const { failedStack } = await failure(create(consumer(names)));
    expect(failedStack.status).toBe('ROLLBACK_COMPLETE');
    expect(failedStack.resource('P')?.statusReason).toMatch(/not authorized/);
  });

  test('follows another output only when its own stack is updated', async () => {
    const { create, update, parameters } = engine();
    await create(producer(), { name: 'Producer' });
    await create(consumer(names));
    expect(await update(consumer(names))).toBeUndefined();
    await update(producer(9), { name: 'Producer' });
    expect(parameters.updated).toHaveLength(0);
    await update(consumer(names));
    expect(parameters.updated.map(({ properties }) => properties.Value)).toEqual(['orders-9']);
  });
});

describe('weak references of a CDK app', () => {
  let aws: Emulator;
  beforeEach(async () => {
    aws = await Emulator.start({ clock: 'manual', allowRecorded: ['AWS::Route53::HostedZone'] });
  });
  afterEach(() => aws.stop());

  test.each([
    { account, region: 'us-east-1' },
    { account, region: 'eu-west-1' },
    { account: '111111111111', region: 'eu-west-1' },
  ])('lead from %j to a queue in another stack', async (env) => {
    const app = new App();
    const from = new Stack(app, 'From', { env: { account, region: 'us-east-1' } });
    const orders = new CfnQueue(from, 'Orders');
    CrossStackReferences.of(orders).produce(ReferenceStrength.WEAK);
    const to = new Stack(app, 'To', { env });
    new StringParameter(to, 'Arn', { parameterName: 'arn', stringValue: orders.attrArn });
    const deployment = await aws.deploy(app);
    expect(deployment.stackNames).toEqual(['From', 'To']);
    const client = aws.client(CloudFormation, env);
    const { TemplateBody = '' } = await client.getTemplate({ StackName: to.stackName });
    expect(TemplateBody).toContain('Fn::GetStackOutput');
    const { Parameter } = await aws.client(SSM, env).getParameter({ Name: 'arn' });
    expect(Parameter?.Value).toMatch(/^arn:aws:sqs:us-east-1:000000000000:From-Orders-\w{12}$/);
    await aws.destroy(app);
    expect(aws.leaks()).toEqual([]);
  });

  test('may be lists', async () => {
    const app = new App();
    const zone = new CfnHostedZone(new Stack(app, 'From'), 'Zone', { name: 'example.com' });
    CrossStackReferences.of(zone).produce(ReferenceStrength.BOTH);
    const to = new Stack(app, 'To');
    const stringValue = Fn.select(0, zone.attrNameServers);
    new StringParameter(to, 'Server', { parameterName: 'server', stringValue });
    await aws.deploy(app);
    const { Parameter } = await aws.client(SSM).getParameter({ Name: 'server' });
    expect(Parameter?.Value).toMatch(/^Zone-[0-9a-f]{17}$/);
  });
});
