import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DisassociateKmsKeyCommand,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { LogGroups } from '../../../lib/broker/handler/log-groups';

const logs = mockClient(CloudWatchLogsClient);
const name = '/aws/amazonmq/broker/b-1/general';

beforeEach(() => logs.reset());

const common = {
  ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:f',
  ResponseURL: 'https://example.com',
  StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/s/1',
  RequestId: '1',
  LogicalResourceId: 'Logs',
  ResourceType: 'Custom::BrokerLogs',
};
const properties = (settings: object) => ({
  ServiceToken: common.ServiceToken,
  LogGroupNames: [name],
  ...settings,
});
const created = (settings: object): CloudFormationCustomResourceEvent => ({
  ...common,
  RequestType: 'Create',
  ResourceProperties: properties(settings),
});
const updated = (old: object, settings: object): CloudFormationCustomResourceEvent => ({
  ...common,
  RequestType: 'Update',
  PhysicalResourceId: name,
  OldResourceProperties: properties(old),
  ResourceProperties: properties(settings),
});
const deleted: CloudFormationCustomResourceEvent = {
  ...common,
  RequestType: 'Delete',
  PhysicalResourceId: name,
  ResourceProperties: properties({}),
};
const handle = (event: CloudFormationCustomResourceEvent) =>
  new LogGroups(new CloudWatchLogsClient({})).handle(event);

test('a group that Amazon MQ has made already gets its retention', async () => {
  logs
    .on(CreateLogGroupCommand)
    .rejects(new ResourceAlreadyExistsException({ message: 'it exists', $metadata: {} }));

  expect(await handle(created({ RetentionInDays: '30' }))).toBe(name);

  expect(logs.commandCalls(PutRetentionPolicyCommand).map(({ args }) => args[0].input)).toEqual([
    { logGroupName: name, retentionInDays: 30 },
  ]);
});

test('a group that cannot be made fails the deployment', async () => {
  logs.on(CreateLogGroupCommand).rejects(new Error('not allowed'));

  await expect(handle(created({ RetentionInDays: '30' }))).rejects.toThrow('not allowed');
});

test('logs that are kept for ever have no retention', async () => {
  await handle(created({}));

  expect(logs.commandCalls(DeleteRetentionPolicyCommand)).toHaveLength(1);
  expect(logs.commandCalls(PutRetentionPolicyCommand)).toHaveLength(0);
});

test('a key is used from then on, and given up when it goes', async () => {
  await handle(created({ KmsKeyId: 'key' }));
  await handle(updated({ KmsKeyId: 'key' }, {}));

  expect(logs.commandCalls(AssociateKmsKeyCommand).map(({ args }) => args[0].input)).toEqual([
    { logGroupName: name, kmsKeyId: 'key' },
  ]);
  expect(logs.commandCalls(DisassociateKmsKeyCommand)).toHaveLength(1);
});

test('logs stay when the broker goes', async () => {
  expect(await handle(deleted)).toBe(name);

  expect(logs.calls()).toEqual([]);
});
