import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Emulator } from 'cdk-decouple-emulator';
import { type BrokerLogOptions, brokerLogGroups } from '../../lib/broker/broker-logs';

const name = '/aws/amazonmq/broker/b-1/general';

/** A stack with the logs of a broker, and a key for them. */
function stackOf(options: (key: kms.Key) => BrokerLogOptions): Stack {
  const stack = new Stack(new App(), 'Logs');
  const key = new kms.Key(stack, 'Key');
  brokerLogGroups(stack, 'b-1', ['general'], options(key));
  return stack;
}

test('on the emulator the log groups of a broker get their key and retention, and lose the key again', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  const logs = aws.client(CloudWatchLogs);
  const described = async () => {
    const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: name });
    return logGroups?.map(({ kmsKeyId, retentionInDays }) => ({ kmsKeyId, retentionInDays }));
  };
  try {
    await aws.deploy(stackOf((key) => ({ logEncryptionKey: key })));
    expect(await described()).toEqual([
      { kmsKeyId: expect.stringMatching(/^arn:aws:kms:.*:key\//), retentionInDays: 30 },
    ]);
    await aws.deploy(stackOf(() => ({ logRetention: RetentionDays.ONE_WEEK })));
    expect(await described()).toEqual([{ kmsKeyId: undefined, retentionInDays: 7 }]);
  } finally {
    await aws.stop();
  }
});
