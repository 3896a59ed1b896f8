import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { PropsValidationError, QueueWorkers, WorkerProgram, WorkQueue } from 'cdk-decouple';
import { Emulator } from 'cdk-decouple-emulator';

/** Workers, and a function, that share a directory of videos. */
function videos(mountPath = '/mnt/videos') {
  const stack = new Stack(new App(), 'Videos');
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const fileSystem = new efs.FileSystem(stack, 'Files', {
    vpc,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const accessPoint = fileSystem.addAccessPoint('Shared', {
    path: '/videos',
    createAcl: { ownerUid: '1001', ownerGid: '1001', permissions: '750' },
    posixUser: { uid: '1001', gid: '1001' },
  });
  const jobs = new WorkQueue(stack, 'Jobs');
  const answers = new sqs.Queue(stack, 'Answers');
  const workers = new QueueWorkers(stack, 'Encoders', {
    vpc,
    queue: jobs.queue,
    program: WorkerProgram.directory({
      path: join(__dirname, 'shared-files'),
      command: ['node', 'main.js'],
      environment: { ANSWERS: answers.queueUrl, NODE_PATH: resolve('node_modules') },
    }),
    fileSystem: { accessPoint, mountPath },
  });
  answers.grantSendMessages(workers);
  const reader = new lambda.Function(stack, 'Reader', {
    code: lambda.Code.fromInline(
      `exports.handler = async (name) => require('node:fs').readFileSync('/mnt/shared/' + name, 'utf8');`,
    ),
    filesystem: lambda.FileSystem.fromEfsAccessPoint(accessPoint, '/mnt/shared'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_22_X,
    vpc,
  });
  for (const [name, value] of Object.entries({
    AnswersUrl: answers.queueUrl,
    JobsUrl: jobs.queue.queueUrl,
    ReaderName: reader.functionName,
    FileSystemId: fileSystem.fileSystemId,
  }))
    new CfnOutput(stack, name, { value });
  return { stack, workers };
}

describe('workers with a file system', () => {
  const template = () => Template.fromStack(videos().stack);

  test('mount it by its access point, over TLS, as their role, whenever they start', () => {
    const text = JSON.stringify(template().findResources('AWS::EC2::LaunchTemplate'));
    expect(text).toMatch(/dnf install -y [a-z -]*amazon-efs-utils/);
    expect(text).toContain(' /mnt/videos efs _netdev,tls,iam,accesspoint=');
    expect(text).toContain('retry mount /mnt/videos');
    expect(text).toContain('RequiresMountsFor=/mnt/videos');
  });

  test('may mount and write through that access point alone', () => {
    template().hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^EncodersRole') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
            Effect: 'Allow',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Files'), 'Arn'] },
            Condition: {
              StringEquals: {
                'elasticfilesystem:AccessPointArn': {
                  'Fn::Join': [
                    '',
                    Match.arrayWith([{ Ref: Match.stringLikeRegexp('^FilesShared') }]),
                  ],
                },
              },
            },
          },
        ]),
      },
    });
  });

  test('reach it over NFS, and nothing else but HTTPS', () => {
    const nfs = { FromPort: 2049, IpProtocol: 'tcp', ToPort: 2049 };
    const group = { 'Fn::GetAtt': [Match.stringLikeRegexp('^EncodersSecurityGroup'), 'GroupId'] };
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      ...nfs,
      SourceSecurityGroupId: group,
    });
    template().hasResourceProperties('AWS::EC2::SecurityGroupEgress', { ...nfs, GroupId: group });
  });

  test('may be in another stack than the file system', () => {
    const app = new App();
    const shared = new Stack(app, 'Shared');
    const vpc = new ec2.Vpc(shared, 'Vpc');
    const accessPoint = new efs.FileSystem(shared, 'Files', { vpc }).addAccessPoint('Point');
    const stack = new Stack(app, 'Workers');
    new QueueWorkers(stack, 'Workers', {
      vpc,
      queue: new WorkQueue(stack, 'Jobs').queue,
      program: WorkerProgram.directory({ path: __dirname, command: ['node', 'main.js'] }),
      fileSystem: { accessPoint, mountPath: '/mnt/shared' },
    });
    const nfs = { FromPort: 2049, ToPort: 2049 };
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', nfs);
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', nfs);
    Template.fromStack(shared).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('start when its mount targets are there', () => {
    const [group] = Object.values(template().findResources('AWS::AutoScaling::AutoScalingGroup'));
    const targets = Object.keys(template().findResources('AWS::EFS::MountTarget'));
    expect(group?.DependsOn).toEqual(expect.arrayContaining(targets));
  });

  test.each(['/videos', '/mnt', '/mnt/a/b', "/mnt/a'b", '/mnt/..', 'mnt/a'])(
    'fail to synthesise with the path %s',
    (path) => {
      expect(() => videos(path)).toThrow(PropsValidationError);
      expect(() => videos(path)).toThrow(
        `fileSystem.mountPath must be a directory of /mnt, such as /mnt/videos, got '${path}'`,
      );
    },
  );
});

let aws: Emulator | undefined;
afterAll(() => aws?.stop());

test('what an instance writes is there for the next one, and for a function', async () => {
  aws = await Emulator.start({ clock: { rate: 60 } });
  const { stack } = videos();
  const deployment = await aws.deploy(stack);
  const client = aws.client(SQS);
  /** Has an instance work on a video. @returns what it finds in the directory */
  const encode = async (MessageBody: string): Promise<unknown> => {
    await client.sendMessage({ QueueUrl: deployment.output('JobsUrl'), MessageBody });
    for (;;) {
      const { Messages: [answer] = [] } = await client.receiveMessage({
        QueueUrl: deployment.output('AnswersUrl'),
        WaitTimeSeconds: 20,
      });
      if (!answer) continue;
      const { Body = '', ReceiptHandle } = answer;
      await client.deleteMessage({ QueueUrl: deployment.output('AnswersUrl'), ReceiptHandle });
      return JSON.parse(Body);
    }
  };
  expect(await encode('cats.mp4')).toEqual(['cats.mp4']);
  const { Reservations: [launch] = [] } = await aws.client(EC2).describeInstances({});
  await aws.faults.instance(launch?.Instances?.[0]?.InstanceId ?? '').kill();
  expect(await encode('dogs.mp4')).toEqual(['cats.mp4', 'dogs.mp4']);

  const { Payload = new Uint8Array() } = await aws.client(LambdaClient).send(
    new InvokeCommand({
      FunctionName: deployment.output('ReaderName'),
      Payload: JSON.stringify('cats.mp4'),
    }),
  );
  expect(Buffer.from(Payload).toString()).toBe('"cats.mp4"');
  const root = await aws.efs.directory(deployment.output('FileSystemId'));
  expect(await readFile(join(root, 'videos', 'dogs.mp4'), 'utf8')).toBe('dogs.mp4');
});
