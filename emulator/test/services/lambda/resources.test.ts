import { ProvidedResource, providerOf } from '../../support/resource-request';
import { LambdaHarness, role } from './harness';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:fn';
let aws: LambdaHarness;

beforeEach(() => {
  aws = LambdaHarness.manual();
});
afterEach(() => aws.stop());

const create = (type: string, properties: ProvidedProperties) =>
  ProvidedResource.create(aws.lambdaService.resourceProviders, type, { properties });
type ProvidedProperties = Parameters<typeof ProvidedResource.create>[2]['properties'];

const inline = (text: string) =>
  create('AWS::Lambda::Function', {
    FunctionName: 'fn',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: role,
    Code: { ZipFile: text },
    Timeout: '10',
    ReservedConcurrentExecutions: 5,
    Environment: { Variables: { RETRIES: 3 } },
  });

test('a stack’s function, version, alias, permission, mapping and retries come and go', async () => {
  const { QueueUrl } = await aws.sqs.createQueue({ QueueName: 'inbox' });
  const fn = await inline('exports.handler = async () => process.env.RETRIES;');
  expect(fn.state).toEqual({ physicalId: 'fn', attributes: { Arn: arn } });
  const version = await create('AWS::Lambda::Version', { FunctionName: 'fn' });
  expect(version.state).toEqual({
    physicalId: `${arn}:1`,
    attributes: { Version: '1', FunctionArn: `${arn}:1` },
  });
  const alias = await create('AWS::Lambda::Alias', {
    FunctionName: 'fn',
    FunctionVersion: '1',
    Name: 'live',
  });
  expect(alias.state.physicalId).toBe(`${arn}:live`);
  expect(await aws.invoke(`${arn}:live`)).toEqual({ result: '3' });
  const permission = await create('AWS::Lambda::Permission', {
    FunctionName: arn,
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    SourceAccount: '000000000000',
  });
  const retries = await create('AWS::Lambda::EventInvokeConfig', {
    FunctionName: 'fn',
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 1,
  });
  const mapping = await create('AWS::Lambda::EventSourceMapping', {
    FunctionName: arn,
    EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:inbox',
    BatchSize: 5,
    ScalingConfig: { MaximumConcurrency: 2 },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  expect(await aws.lambda.getEventSourceMapping({ UUID: mapping.state.physicalId })).toMatchObject({
    State: 'Enabled',
    BatchSize: 5,
    ScalingConfig: { MaximumConcurrency: 2 },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  for (const resource of [mapping, retries, permission, alias, version, fn])
    await resource.delete();
  expect(aws.lambdaService.leaks()).toEqual([]);
  await aws.sqs.deleteQueue({ QueueUrl });
});

test.each([
  ['by cfn-response', "require('cfn-response').send(event, context, 'SUCCESS', { a: 1 }, 'id')"],
  [
    'by https to the host and path of the URL, as the handlers of aws-cdk-lib do',
    `(() => { const { hostname, pathname, search } = new URL(event.ResponseURL);
      return new Promise((resolve) => require('https').request(
        { hostname, path: pathname + search, method: 'PUT', headers: { 'content-type': '' } },
        (response) => { response.resume(); response.on('end', resolve); },
      ).end('{"Status":"SUCCESS"}')); })()`,
  ],
])('a custom resource answers CloudFormation %s', async (_, answer) => {
  const answers: unknown[] = [];
  aws.gateway.addControlRoute('PUT', 'answer', ({ query, body }) => {
    answers.push([query.get('token'), body]);
    return { body: {} };
  });
  await inline(`exports.handler = async (event, context) => { await ${answer}; };`);
  const event = { ResponseURL: `${await aws.gateway.listen()}/_emulator/answer?token=t1` };
  await aws.lambdaService.invoke(arn, JSON.stringify(event), {
    kind: 'service',
    service: 'cloudformation.amazonaws.com',
    account: '000000000000',
    arn: 'arn:aws:iam::000000000000:root',
  });
  expect(answers).toEqual([['t1', expect.objectContaining({ Status: 'SUCCESS' })]]);
});

test.each<[type: string, properties: ProvidedProperties, reason: string]>([
  ['Function', { Runtime: 'python3.13' }, 'runtime python3.13'],
  ['Function', { Code: { ImageUri: 'x' } }, 'Code.ImageUri'],
  ['Function', { Layers: ['arn'] }, 'Layers (["arn"])'],
  ['Function', { SnapStart: { ApplyOn: 'PublishedVersions' } }, 'SnapStart.ApplyOn'],
  [
    'Function',
    { VpcConfig: { Ipv6AllowedForDualStack: true } },
    'VpcConfig.Ipv6AllowedForDualStack true',
  ],
  ['EventSourceMapping', { EventSourceArn: 'arn:aws:dynamodb:x:y:table/t' }, 'only SQS queues'],
  ['EventSourceMapping', { ProvisionedPollerConfig: {} }, 'ProvisionedPollerConfig'],
  ['EventInvokeConfig', { DestinationConfig: {} }, 'DestinationConfig'],
  ['Version', { ProvisionedConcurrencyConfig: {} }, 'ProvisionedConcurrencyConfig'],
])('a %s with %j is refused by name', (name, properties, reason) => {
  const provider = providerOf(aws.lambdaService.resourceProviders, `AWS::Lambda::${name}`);
  expect(provider.unsupported?.(properties)).toEqual([expect.stringContaining(reason)]);
});
