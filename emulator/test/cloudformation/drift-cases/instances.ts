import {
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { DriftCase } from './drift-case';

/** Changes of instances and launch templates. */
export const instances: readonly DriftCase[] = [
  {
    what: 'an instance is protected from termination',
    resource: 'Instance',
    change: (aws, id) =>
      aws.client(EC2Client).send(
        new ModifyInstanceAttributeCommand({
          InstanceId: id('Instance'),
          DisableApiTermination: { Value: true },
        }),
      ),
    differences: [['/DisableApiTermination', 'NOT_EQUAL', 'false', 'true']],
  },
  {
    what: 'an instance is terminated',
    resource: 'Instance',
    change: async (aws, id) => {
      const ec2 = aws.client(EC2Client);
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id('Instance')] }));
    },
    differences: 'DELETED',
  },
  {
    what: 'a launch template has another version',
    resource: 'LaunchTemplate',
    change: (aws, id) =>
      aws.client(EC2Client).send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: id('LaunchTemplate'),
          SourceVersion: '1',
          LaunchTemplateData: { InstanceType: 't3.large' },
        }),
      ),
    differences: [['/LaunchTemplateData/InstanceType', 'NOT_EQUAL', 't3.micro', 't3.large']],
  },
  {
    what: 'a launch template is gone',
    resource: 'LaunchTemplate',
    change: (aws, id) =>
      aws
        .client(EC2Client)
        .send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id('LaunchTemplate') })),
    differences: 'DELETED',
  },
];
