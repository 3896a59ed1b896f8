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
