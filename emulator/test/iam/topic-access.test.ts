import { SNS } from '@aws-sdk/client-sns';
import { Emulator } from '../../src';
import { Roles } from './support';

let aws: Emulator;
let roles: Roles;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  roles = new Roles(aws);
  await roles.create('logs');
  await roles.create('editor', 'sns:*');
});
afterEach(() => aws.stop());

const application = () => ({
  Name: 'shop',
  Platform: 'GCM',
  Attributes: { PlatformCredential: 'key', SuccessFeedbackRoleArn: roles.arn('logs') },
});
const AttributeName = 'SQSFailureFeedbackRoleArn';

test.each<[string, (sns: SNS) => Promise<unknown>]>([
  ['CreatePlatformApplication', (sns) => sns.createPlatformApplication(application())],
  [
    'SetPlatformApplicationAttributes',
    async (sns) => {
      const made = { ...application(), Attributes: { PlatformCredential: 'key' } };
      const { PlatformApplicationArn } = await sns.createPlatformApplication(made);
      const Attributes = { FailureFeedbackRoleArn: roles.arn('logs') };
      return sns.setPlatformApplicationAttributes({ PlatformApplicationArn, Attributes });
    },
  ],
  [
    'CreateTopic',
    (sns) =>
      sns.createTopic({ Name: 'orders', Attributes: { [AttributeName]: roles.arn('logs') } }),
  ],
  [
    'SetTopicAttributes',
    async (sns) => {
      const { TopicArn } = await sns.createTopic({ Name: 'orders' });
      const AttributeValue = roles.arn('logs');
      return sns.setTopicAttributes({ TopicArn, AttributeName, AttributeValue });
    },
  ],
])('%s takes a role for delivery logs from those who may pass it', async (_operation, set) => {
  const sns = await roles.client(SNS, 'editor');
  await expect(set(sns)).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining(
      `is not authorized to perform: iam:PassRole on resource: ${roles.arn('logs')}`,
    ),
  });
  await roles.allow('editor', 'sns:*', { actions: ['iam:PassRole'], resource: roles.arn('logs') });
  await set(sns);
});
