import { type App, Duration, type Environment, Size, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  DecoupledTiers,
  InstanceWriteBuffer,
  QueueWorkers,
  Scaling,
  WorkerProgram,
  WorkQueue,
} from 'cdk-decouple';
import { type Database, itemsSink, ordersSink } from './fixtures';

/** What the constructs with instances write to, and where their stack is. */
export interface InstanceStackProps {
  readonly database: Database;
  readonly table: dynamodb.ITable;
  readonly env: Environment;
}

/** The constructs with instances, in a stack of their own: one takes 500 resources. */
export function instanceStack(app: App, { database, table, env }: InstanceStackProps): Stack {
  const stack = new Stack(app, 'Instances', { env });
  const encryptionKey = new kms.Key(stack, 'InstancesKey', { enableKeyRotation: true });
  const alarmTopic = new sns.Topic(stack, 'InstancesAlarms', {
    masterKey: encryptionKey,
    enforceSSL: true,
  });
  const bucket = s3.Bucket.fromBucketName(stack, 'Files', 'files-of-somebody');
  const fileSystem = {
    accessPoint: efs.AccessPoint.fromAccessPointAttributes(stack, 'Directory', {
      accessPointId: 'fsap-0123456789abcdef0',
      fileSystem: efs.FileSystem.fromFileSystemAttributes(stack, 'SharedFiles', {
        fileSystemId: 'fs-0123456789abcdef0',
        securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'FilesGroup', 'sg-01234567'),
      }),
    }),
    mountPath: '/mnt/shared',
  };
  const program = WorkerProgram.directory({ path: __dirname, command: ['node', 'worker.js'] });
  new QueueWorkers(stack, 'PlainWorkers', {
    vpc: database.vpc,
    queue: new WorkQueue(stack, 'Jobs').queue,
    program,
  });
  new QueueWorkers(stack, 'FullWorkers', {
    vpc: database.vpc,
    queue: new WorkQueue(stack, 'SecretJobs', { encryptionKey }).queue,
    program,
    instanceType: new ec2.InstanceType('g5.xlarge'),
    diskSize: Size.gibibytes(100),
    minCapacity: 0,
    maxCapacity: 40,
    scaling: Scaling.backlogPerInstance({
      acceptableLatency: Duration.minutes(10),
      timePerMessage: Duration.seconds(2),
    }),
    warmup: Duration.minutes(5),
    terminationTimeout: Duration.minutes(15),
    logEncryptionKey: encryptionKey,
    fileSystem,
    alarmTopic,
  });
  new InstanceWriteBuffer(stack, 'PlainInstances', {
    vpc: database.vpc,
    sink: ordersSink(database),
  });
  new InstanceWriteBuffer(stack, 'FullInstances', {
    vpc: database.vpc,
    sink: itemsSink(table, { versionAttribute: 'ordered_at', maxConcurrency: 4 }),
    fifo: true,
    encryptionKey,
    alarmTopic,
    logEncryptionKey: encryptionKey,
    fileSystem,
  });

  new DecoupledTiers(stack, 'PlainTiers', {
    vpc: database.vpc,
    frontEnd: { program },
    backEnd: { program },
  });
  new DecoupledTiers(stack, 'FullTiers', {
    vpc: database.vpc,
    frontEnd: {
      program,
      certificate: Certificate.fromCertificateArn(
        stack,
        'Certificate',
        'arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555',
      ),
      minCapacity: 2,
      maxCapacity: 4,
      fileSystem,
    },
    backEnd: { program, minCapacity: 0, maxCapacity: 40, fileSystem },
    bucket,
    encryptionKey,
    alarmTopic,
  });
  return stack;
}
