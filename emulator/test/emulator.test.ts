import { SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STS, STSClient } from '@aws-sdk/client-sts';
import { Emulator } from '../src';

test('any client of the SDK talks to an emulator without a socket', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  const identity = await aws.client(STSClient).send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe('000000000000');
  const other = await aws.client(STS, { account: '123456789012' }).getCallerIdentity({});
  expect(other.Arn).toBe('arn:aws:iam::123456789012:root');
  expect(aws.client(SQSClient)).toBeInstanceOf(SQSClient);
  await aws.stop();
});

test.each([
  [{ clock: 'manuel' }, 'clock must be one of system, manual, got manuel'],
  [{ databases: 'own ' }, 'databases must be one of own, shared, got own '],
  [{ functionTime: 'fast' }, 'functionTime must be one of emulated, real, got fast'],
])('fails to start with %j, which a program without types may ask for', async (options, reason) => {
  const start = Reflect.get(Emulator, 'start');
  await expect(Reflect.apply(start, Emulator, [options])).rejects.toThrow(reason);
});

test('fails to kill a function that is not there', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:gone';
  await expect(aws.faults.killFunction(arn)).rejects.toThrow(`Function not found: ${arn}`);
  await aws.stop();
});
