import { SSM } from '@aws-sdk/client-ssm';
import { App, CfnOutput, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';

jest.setTimeout(20_000);

let aws: Emulator<ManualClock>;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});

afterEach(() => aws.stop());

/** But for log groups that Lambda has made, as on AWS. */
function leaks(): string[] {
  return aws.leaks().filter((leak) => !leak.includes('/aws/lambda/'));
}

interface Options {
  readonly properties?: Record<string, string>;
  readonly serviceTimeout?: Duration;
  /** An attribute that a parameter and an output have. */
  readonly attribute?: string;
}

/**
 * A custom resource behind an inline function.
 *
 * @param body - of the handler, with `event`, `send(status, data, id, noEcho)` and a log of all requests in SSM
 */
function custom(
  body: string,
  { attribute, properties = {}, serviceTimeout }: Options = {},
): { stack: Stack } {
  const stack = new Stack(new App(), 'Custom');
  const handler = new LambdaFunction(stack, 'Handler', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    timeout: Duration.seconds(30),
    code: Code.fromInline(`
      const response = require('cfn-response');
      const { SSM } = require('@aws-sdk/client-ssm');
      exports.handler = async (event, context) => {
        const send = (status, data, id, noEcho) =>
          response.send(event, context, status, data, id, noEcho);
        const { RequestType, PhysicalResourceId = '-', ResourceProperties } = event;
        const line = [RequestType, PhysicalResourceId, ResourceProperties.Size].join(' ');
        const ssm = new SSM({});
        const { Parameter } = await ssm.getParameter({ Name: '/requests' }).catch(() => ({}));
        const Value = Parameter ? Parameter.Value + ',' + line : line;
        await ssm.putParameter({ Name: '/requests', Type: 'String', Value, Overwrite: true });
        ${body}
      };`),
  });
  handler.addToRolePolicy(
    new PolicyStatement({ actions: ['ssm:GetParameter', 'ssm:PutParameter'], resources: ['*'] }),
  );
  const resource = new CustomResource(stack, 'Thing', {
    serviceToken: handler.functionArn,
    resourceType: 'Custom::Thing',
    properties: { Size: '1', ...properties },
    serviceTimeout,
  });
  if (attribute !== undefined) {
    const value = resource.getAttString(attribute);
    new StringParameter(stack, 'Parameter', { parameterName: '/value', stringValue: value });
    new CfnOutput(stack, 'Value', { value });
  }
  return { stack };
}

async function parameter(name: string): Promise<string | undefined> {
  return (await aws.client(SSM).getParameter({ Name: name })).Parameter?.Value;
}

const requests = async () => (await parameter('/requests'))?.split(',');

const forgetRequests = () => aws.client(SSM).deleteParameter({ Name: '/requests' });

test('an inline function answers with cfn-response, and its data can be used', async () => {
  const { stack } = custom("await send('SUCCESS', { Name: 'a', List: ['b', 'c'] }, 'id');", {
    attribute: 'Name',
  });
  const deployment = await aws.deploy(stack);
  expect(deployment.physicalId('Thing')).toBe('id');
  expect(deployment.output('Value')).toBe('a');
  expect(await parameter('/value')).toBe('a');
  await aws.destroy(stack);
  expect(await requests()).toEqual(['Create - 1', 'Delete id 1']);
  await forgetRequests();
  expect(leaks()).toEqual([]);
});

test('the data of an answer with NoEcho can be used, and outputs do not show it', async () => {
  const make = () =>
    custom("await send('SUCCESS', { Name: 'secret' }, 'id', true);", { attribute: 'Name' }).stack;
  const deployment = await aws.deploy(make());
  expect(await parameter('/value')).toBe('secret');
  expect(deployment.output('Value')).toBe('*****');
  // Nothing has changed, though the output shows something else than there is.
  await aws.deploy(make());
  expect(await requests()).toEqual(['Create - 1']);
});

test('an attribute that the answer lacks fails what asks for it', async () => {
  const { stack } = custom("await send('SUCCESS', {}, 'id');", { attribute: 'Name' });
  await expect(aws.deploy(stack)).rejects.toThrow(
    /Parameter\w+ \(AWS::SSM::Parameter\): CustomResource attribute error: Vendor response doesn't contain Name attribute in object arn:aws:cloudformation:us-east-1:000000000000:stack\/Custom\/[0-9a-f-]+\|Thing\|[0-9a-f-]+/,
  );
});

test('an answer FAILED fails the stack with its reason, and the rollback asks to delete', async () => {
  const { stack } = custom("await send(event.RequestType === 'Create' ? 'FAILED' : 'SUCCESS');");
  await expect(aws.deploy(stack)).rejects.toThrow(
    /ROLLBACK_COMPLETE:\n {2}Thing \(Custom::Thing\): Received response status \[FAILED\] from custom resource\. Message returned: See the details in CloudWatch Log Stream: 2035\/01\/01\/\[\$LATEST\][0-9a-f]{32} \(RequestId: [0-9a-f-]{36}\)$/,
  );
  const [create, remove = ''] = (await requests()) ?? [];
  expect(create).toBe('Create - 1');
  // The id that cfn-response answers with where a handler gives none.
  expect(remove).toMatch(/^Delete 2035\/01\/01\/\[\$LATEST\][0-9a-f]{32} 1$/);
});

test('an answer FAILED to the deletion leaves the stack in ROLLBACK_FAILED', async () => {
  const { stack } = custom("await send('FAILED', {}, 'id');");
  await expect(aws.deploy(stack)).rejects.toThrow('is now ROLLBACK_FAILED');
});

test('a function that never answers fails once its service time-out is over', async () => {
  const { stack } = custom("if (event.RequestType === 'Delete') await send('SUCCESS');", {
    serviceTimeout: Duration.minutes(2),
  });
  const start = aws.clock.now();
  const deployed = expect(aws.deploy(stack)).rejects.toThrow(
    /Thing \(Custom::Thing\): CloudFormation did not receive a response from your Custom Resource\. Please check your logs for requestId \[[0-9a-f-]{36}\]\. If you are using the Python cfn-response module/,
  );
  await aws.clock.until(deployed);
  expect(aws.clock.now() - start).toBe(120_000);
  // Nobody has said what may have been made: CloudFormation gives it a name.
  expect((await requests())?.at(-1)).toMatch(/^Delete Custom-Thing-\w+ 1$/);
});

test('another physical id in the answer to an update has the old resource deleted', async () => {
  const body = "await send('SUCCESS', {}, 'size-' + event.ResourceProperties.Size);";
  await aws.deploy(custom(body).stack);
  const { stack } = custom(body, { properties: { Size: '2' } });
  const deployment = await aws.deploy(stack);
  expect(deployment.physicalId('Thing')).toBe('size-2');
  await aws.destroy(stack);
  expect(await requests()).toEqual([
    'Create - 1',
    'Update size-1 2',
    'Delete size-1 1',
    'Delete size-2 2',
  ]);
});

test('an update that fails is taken back by an update with the old properties', async () => {
  const body = `
    await send(event.ResourceProperties.Size === '2' ? 'FAILED' : 'SUCCESS', {}, 'id');`;
  await aws.deploy(custom(body).stack);
  const { stack } = custom(body, { properties: { Size: '2' } });
  await expect(aws.deploy(stack)).rejects.toThrow('UPDATE_ROLLBACK_COMPLETE');
  expect(await requests()).toEqual(['Create - 1', 'Update id 2', 'Update id 1']);
});

test('an answer of more than 4096 bytes fails', async () => {
  const { stack } = custom(
    "await send('SUCCESS', { Long: 'x'.repeat(event.RequestType === 'Create' ? 4000 : 0) }, 'id');",
  );
  await expect(aws.deploy(stack)).rejects.toThrow(
    'Thing (Custom::Thing): Response object is too long.',
  );
});
