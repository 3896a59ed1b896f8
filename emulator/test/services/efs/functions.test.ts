import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import {
  Code,
  Function as LambdaFunction,
  FileSystem as Mounted,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});
afterEach(() => aws.stop());

/** Two functions with one directory of one file system. */
function shop() {
  const stack = new Stack(new App(), 'Shop');
  const vpc = new Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2 });
  const fileSystem = new FileSystem(stack, 'Files', { vpc, removalPolicy: RemovalPolicy.DESTROY });
  const accessPoint = fileSystem.addAccessPoint('Orders', {
    path: '/orders',
    createAcl: { ownerUid: '1001', ownerGid: '1001', permissions: '750' },
    posixUser: { uid: '1001', gid: '1001' },
  });
  const fn = (name: string, code: string) => {
    const made = new LambdaFunction(stack, name, {
      code: Code.fromInline(code),
      filesystem: Mounted.fromEfsAccessPoint(accessPoint, '/mnt/orders'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
      vpc,
      vpcSubnets: { subnets: vpc.isolatedSubnets },
    });
    new CfnOutput(stack, `${name}Name`, { value: made.functionName });
  };
  fn(
    'Writer',
    `const { appendFile } = require('node:fs/promises');
     exports.handler = (line) => appendFile('/mnt/orders/log.txt', line + '\\n');`,
  );
  fn(
    'Reader',
    `const { readFileSync } = require('node:fs');
     exports.handler = async () => readFileSync('/mnt/orders/log.txt', 'utf8');`,
  );
  new CfnOutput(stack, 'AccessPoint', { value: accessPoint.accessPointArn });
  return stack;
}

async function invoke(FunctionName: string, payload?: unknown): Promise<unknown> {
  const { FunctionError, Payload } = await aws
    .client(LambdaClient)
    .send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload ?? null) }));
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  if (FunctionError) throw new Error(JSON.stringify(answer));
  return answer;
}

test('what one function writes another one reads, in later invocations too, and so does the test', async () => {
  const stack = shop();
  const deployment = await aws.deploy(stack);
  const writer = deployment.output('WriterName');
  await invoke(writer, 'first');
  await invoke(writer, 'second');
  expect(await invoke(deployment.output('ReaderName'))).toBe('first\nsecond\n');

  const directory = await aws.efs.directory(deployment.output('AccessPoint'));
  expect(await readFile(join(directory, 'log.txt'), 'utf8')).toBe('first\nsecond\n');
  await writeFile(join(directory, 'log.txt'), 'by the test\n');
  expect(await invoke(deployment.output('ReaderName'))).toBe('by the test\n');

  await aws.destroy(stack);
  expect(aws.leaks()).toEqual([]);
});
