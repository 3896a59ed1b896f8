import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { Emulator, type ManualClock } from '../../src';

let aws: Emulator<ManualClock>;
let client: CloudFormation;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  client = aws.client(CloudFormation);
});
afterEach(() => aws.stop());

const stack = { StackName: 'Orders' };
const express = { DeploymentConfig: { Mode: 'EXPRESS' } } as const;
const templateOf = (DelaySeconds: number) =>
  JSON.stringify({
    Resources: {
      Good: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 1 } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds }, DependsOn: 'Good' },
    },
  });
const [good, bad] = [templateOf(1), templateOf(901)];

async function outcome() {
  await aws.clock.settle();
  const { Stacks: [found] = [] } = await client.describeStacks(stack);
  return found;
}

describe('express mode', () => {
  test('creates, updates and deletes as the standard mode does, and is shown', async () => {
    await client.createStack({ ...stack, ...express, TemplateBody: good });
    expect(await outcome()).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: true },
    });
    await client.updateStack({ ...stack, TemplateBody: templateOf(2) });
    expect(await outcome()).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
      DeploymentConfig: { Mode: 'STANDARD', DisableRollback: false },
    });
    await client.deleteStack({ ...stack, ...express });
    await aws.clock.settle();
    expect(aws.leaks()).toEqual([]);
  });

  test('does not roll back, and goes on from there', async () => {
    await client.createStack({ ...stack, ...express, TemplateBody: bad });
    expect((await outcome())?.StackStatus).toBe('CREATE_FAILED');
    await client.updateStack({ ...stack, ...express, TemplateBody: good });
    expect((await outcome())?.StackStatus).toBe('UPDATE_COMPLETE');
    await client.updateStack({ ...stack, ...express, TemplateBody: bad });
    expect((await outcome())?.StackStatus).toBe('UPDATE_FAILED');
    await client.rollbackStack({ ...stack, ...express });
    expect((await outcome())?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('rolls back when that is asked for', async () => {
    const DeploymentConfig = { Mode: 'EXPRESS', DisableRollback: false } as const;
    await client.createStack({ ...stack, DeploymentConfig, TemplateBody: bad });
    expect((await outcome())?.StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  test('may be that of a change set', async () => {
    const set = { ...stack, ChangeSetName: 'first' };
    await client.createChangeSet({
      ...set,
      ...express,
      ChangeSetType: 'CREATE',
      TemplateBody: bad,
    });
    expect((await client.describeChangeSet(set)).DeploymentConfig).toEqual({
      Mode: 'EXPRESS',
      DisableRollback: true,
    });
    await client.executeChangeSet(set);
    expect((await outcome())?.StackStatus).toBe('CREATE_FAILED');
  });

  test('is handed on to nested stacks', async () => {
    const s3 = aws.client(S3);
    await s3.createBucket({ Bucket: 'templates' });
    await s3.putObject({ Bucket: 'templates', Key: 'child', Body: good });
    const TemplateURL = 'https://s3.us-east-1.amazonaws.com/templates/child';
    const TemplateBody = JSON.stringify({
      Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } } },
    });
    await client.createStack({ ...stack, ...express, TemplateBody });
    await outcome();
    const { Stacks = [] } = await client.describeStacks();
    expect(Stacks.map(({ DeploymentConfig }) => DeploymentConfig?.Mode)).toEqual([
      'EXPRESS',
      'EXPRESS',
    ]);
  });

  test('is one of two modes', async () => {
    await expect(
      // @ts-expect-error: what a client without types may send
      client.createStack({ ...stack, DeploymentConfig: { Mode: 'FAST' }, TemplateBody: good }),
    ).rejects.toThrow("Value 'FAST' at 'deploymentConfig.mode' failed to satisfy constraint");
  });
});
