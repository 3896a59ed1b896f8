import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator, type ManualClock, TemplateRejectedError } from '../src';

let aws: Emulator<ManualClock>;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});
afterEach(() => aws.stop());

test('a deployment says how much of it is emulated, in one line and by name', async () => {
  const stack = new Stack(new App(), 'Shop');
  for (const id of ['Orders', 'Invoices']) new Queue(stack, id);
  new Repository(stack, 'Images');
  const deployment = await aws.deploy(stack);
  expect(deployment.summary()).toBe('3 resources: 2 emulated, 1 recorded (AWS::ECR 1)');
  expect(String(deployment)).toBe(
    'Shop\n  emulated: AWS::SQS::Queue (2)\n  recorded: AWS::ECR::Repository',
  );
});

test('what is fully emulated has nothing in brackets', async () => {
  const stack = new Stack(new App(), 'Shop');
  new Queue(stack, 'Orders');
  expect((await aws.deploy(stack)).summary()).toBe('1 resource: 1 emulated, 0 recorded');
});

test('fails with an error to tell apart, naming everything unsupported', async () => {
  const stack = new Stack(new App(), 'Shop');
  new Queue(stack, 'Orders');
  stack.templateOptions.transforms = ['AWS::Serverless-2016-10-31'];
  const deployment = aws.deploy(stack);
  await expect(deployment).rejects.toBeInstanceOf(TemplateRejectedError);
  await expect(deployment).rejects.toThrow(/AWS::Serverless-2016-10-31/);
  expect(aws.leaks()).toEqual([]);
});

test('what is recorded only because that is allowed is counted apart, and printed when asked', async () => {
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const allowing = await Emulator.start({
    allowRecorded: ['AWS::GameLift::*'],
    printAllowed: true,
  });
  const stack = new Stack(new App(), 'Shop');
  new Queue(stack, 'Orders');
  for (const id of ['A', 'B']) new CfnResource(stack, id, { type: 'AWS::GameLift::Build' });
  const deployment = await allowing.deploy(stack);
  await allowing.stop();
  expect(printed.mock.calls).toEqual([
    [
      'Stack Shop: recorded only because of --allow-recorded, kept and doing nothing:\n  AWS::GameLift::Build 2\n',
    ],
  ]);
  printed.mockRestore();
  expect(deployment.summary()).toBe(
    '3 resources: 1 emulated, 0 recorded, 2 recorded only because allowed (AWS::GameLift 2)',
  );
  expect(String(deployment)).toBe(
    'Shop\n  emulated: AWS::SQS::Queue\n  recorded: none\n  recorded only because allowed: AWS::GameLift::Build (2)',
  );
});

test('fails to start with a pattern that can be no resource type', async () => {
  await expect(Emulator.start({ allowRecorded: ['Queue'] })).rejects.toThrow(
    'allowRecorded takes names of resource types such as AWS::DynamoDB::*, got Queue',
  );
});
