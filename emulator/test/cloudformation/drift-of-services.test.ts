import {
  CloudFormationClient,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  DetectStackResourceDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { Tags } from 'aws-cdk-lib';
import { Emulator } from '../../src';
import { alarms } from './drift-cases/alarms';
import { brokers } from './drift-cases/brokers';
import { text } from './drift-cases/drift-case';
import { eventBuses } from './drift-cases/events';
import { fileSystems } from './drift-cases/file-systems';
import { functionsAndData } from './drift-cases/functions-and-data';
import { groups } from './drift-cases/groups';
import { instances } from './drift-cases/instances';
import { queuesAndAccess } from './drift-cases/queues-and-access';
import { streams } from './drift-cases/streams';
import { everything, resources } from './every-resource/stack';

const cases = [
  ...queuesAndAccess,
  ...functionsAndData,
  ...eventBuses,
  ...alarms,
  ...brokers,
  ...fileSystems,
  ...streams,
  ...instances,
  ...groups,
];

/** On AWS neither. */
const unreadable = ['AWS::IAM::Policy', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'];
/** A nested stack is in drift.test.ts, what needs a database, a broker or a network in services/rds, mq, elb and efs. */
const elsewhere =
  /^(AWS::(CloudFormation|ElasticLoadBalancingV2|RDS)|Custom)::|::SecretTargetAttachment$|^AWS::AmazonMQ::(Broker|ConfigurationAssociation)$|^AWS::EFS::MountTarget$/;

describe('drift detection of what the services have', () => {
  let aws: Emulator;
  beforeEach(async () => {
    aws = await Emulator.start({ clock: 'manual' });
  });
  afterEach(() => aws.stop());

  const drifts = async (StackName: string) => {
    const client = aws.client(CloudFormationClient);
    await client.send(new DetectStackDriftCommand({ StackName }));
    const answer = await client.send(new DescribeStackResourceDriftsCommand({ StackName }));
    return answer.StackResourceDrifts ?? [];
  };

  test('a stack that has just been deployed is in sync, with tags of its own too', async () => {
    const stack = everything();
    Tags.of(stack).add('cost', 'shop');
    await aws.deploy(stack);
    const found = await drifts('Everything');
    const differing = found.filter(({ StackResourceDriftStatus: it }) => it !== 'IN_SYNC');
    expect(differing).toEqual([]);
    const readable = Object.entries(resources).filter(([, [type]]) => !unreadable.includes(type));
    expect(found.map(({ LogicalResourceId: id }) => id)).toEqual(readable.map(([id]) => id).sort());
    const logs = found.find(({ LogicalResourceId: id }) => id === 'Logs');
    const both = text([
      { Key: 'team', Value: 'shop' },
      { Key: 'cost', Value: 'shop' },
    ]);
    expect(logs?.ExpectedProperties).toContain(both);
  });

  test('there is a case for every type that is emulated, but for databases, load balancers and nested stacks', () => {
    const emulated = aws
      .capabilities()
      .resourceTypes.filter(({ level, type }) => level === 'emulated' && !elsewhere.test(type))
      .map(({ type }) => type);
    expect(new Set(Object.values(resources).map(([type]) => type))).toEqual(new Set(emulated));
    const changed = cases.map(({ resource }) => resource);
    const types = new Set(changed.map((id) => resources[id]?.[0]));
    expect(emulated.filter((type) => !types.has(type))).toEqual(unreadable);
  });

  test.each(cases)('finds that $what', async ({ resource, change, differences }) => {
    const deployed = await aws.deploy(everything());
    await change(aws, (id) => deployed.physicalId(id));
    const { StackResourceDrift: drift } = await aws.client(CloudFormationClient).send(
      new DetectStackResourceDriftCommand({
        StackName: 'Everything',
        LogicalResourceId: resource,
      }),
    );
    const isGone = differences === 'DELETED';
    expect(drift?.StackResourceDriftStatus).toBe(isGone ? 'DELETED' : 'MODIFIED');
    const found = drift?.PropertyDifferences?.map((one) => [
      one.PropertyPath,
      one.DifferenceType,
      one.ExpectedValue,
      one.ActualValue,
    ]);
    expect(found?.sort()).toEqual(isGone ? [] : differences);
  });
});
