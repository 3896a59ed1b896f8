import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { brokerLogGroups } from '../../lib/broker/broker-logs';
import { everyRightCounts } from './variants';

const dataKeysAlone = 'of the use of its key the emulator asks CloudWatch Logs for data keys alone';

everyRightCounts('the logs of a broker with a key of their own', {
  spared: {
    'kms:DescribeKey': dataKeysAlone,
    'kms:Encrypt': dataKeysAlone,
    'kms:ReEncrypt*': dataKeysAlone,
  },
  build: (stack) => {
    brokerLogGroups(stack, 'b-1', ['general'], { logEncryptionKey: new Key(stack, 'Key') });
  },
  async works(aws) {
    const { logGroups: [general] = [] } = await aws
      .client(CloudWatchLogs)
      .describeLogGroups({ logGroupNamePrefix: '/aws/amazonmq/broker/b-1/general' });
    return general?.kmsKeyId !== undefined && general.retentionInDays === 30;
  },
});
