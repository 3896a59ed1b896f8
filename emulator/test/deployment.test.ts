import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
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
  new Topic(stack, 'Alarms');
  const deployment = await aws.deploy(stack);
  expect(deployment.summary()).toBe('3 resources: 2 emulated, 1 recorded (AWS::SNS 1)');
  expect(String(deployment)).toBe(
    'Shop\n  emulated: AWS::SQS::Queue (2)\n  recorded: AWS::SNS::Topic',
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
