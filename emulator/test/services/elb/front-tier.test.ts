import path from 'node:path';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  AdditionalHealthCheckType,
  AutoScalingGroup,
  HealthChecks,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  InstanceType,
  LaunchTemplate,
  MachineImage,
  SecurityGroup,
  UserData,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator } from '../../../src';

let aws: Emulator;
beforeEach(async () => {
  aws = await Emulator.start({ clock: { rate: 60 } });
});
afterEach(() => aws.stop());

/** A group of two servers behind a load balancer, which say so when they listen. */
function tier(): Stack {
  const stack = new Stack(new App(), 'Tier');
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
  });
  const listening = new Queue(stack, 'Listening');
  const asset = new Asset(stack, 'Program', { path: path.join(__dirname, 'front') });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  listening.grantSendMessages(role);
  asset.grantRead(role);
  const userData = UserData.forLinux();
  userData.addCommands(
    "cat > /etc/worker.json <<'CDK_DECOUPLE_WORKER_V1'",
    stack.toJsonString({
      version: 1,
      asset: { bucket: asset.s3BucketName, key: asset.s3ObjectKey },
      command: ['node', 'index.js'],
      env: { LISTENING: listening.queueUrl, NODE_PATH: path.resolve('node_modules'), PORT: '8080' },
    }),
    'CDK_DECOUPLE_WORKER_V1',
  );
  const group = new AutoScalingGroup(stack, 'Group', {
    vpc,
    vpcSubnets: { subnets: vpc.publicSubnets },
    minCapacity: 2,
    healthChecks: HealthChecks.withAdditionalChecks({
      additionalTypes: [AdditionalHealthCheckType.ELB],
      gracePeriod: Duration.minutes(5),
    }),
    launchTemplate: new LaunchTemplate(stack, 'Template', {
      role,
      userData,
      securityGroup: new SecurityGroup(stack, 'Group80', { vpc }),
      instanceType: new InstanceType('t3.micro'),
      machineImage: MachineImage.latestAmazonLinux2023(),
    }),
  });
  const balancer = new ApplicationLoadBalancer(stack, 'Front', {
    vpc,
    internetFacing: true,
    idleTimeout: Duration.seconds(1),
  });
  balancer.addListener('Http', { port: 80, open: false }).addTargets('Servers', {
    port: 8080,
    protocol: ApplicationProtocol.HTTP,
    targets: [group],
    healthCheck: { interval: Duration.seconds(10), timeout: Duration.seconds(5) },
  });
  new CfnOutput(stack, 'Listens', { value: listening.queueUrl });
  new CfnOutput(stack, 'Dns', { value: balancer.loadBalancerDnsName });
  return stack;
}

async function next(QueueUrl: string): Promise<string> {
  const sqs = aws.client(SQS);
  for (;;) {
    const { Messages: [message] = [] } = await sqs.receiveMessage({
      QueueUrl,
      WaitTimeSeconds: 20,
    });
    if (!message) continue;
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle });
    return message.Body ?? '';
  }
}

test('a load balancer forwards to the processes of a group, says which do not answer, and one whose machine dies is replaced', async () => {
  const deployment = await aws.deploy(tier());
  const queue = deployment.output('Listens');
  const ids = [await next(queue), await next(queue)];
  expect(new Set(ids).size).toBe(2);
  const url = await aws.loadBalancing.url(deployment.output('Dns'));
  const answer = await fetch(`${url}/orders`);
  expect(JSON.parse(await answer.text())).toEqual({
    id: expect.stringMatching(new RegExp(ids.join('|'))),
    path: '/orders',
    from: expect.stringContaining('127.0.0.1'),
  });
  await expect(fetch(`${url}/half`).then((broken) => broken.text())).rejects.toThrow('terminated');
  const slow = await fetch(`${url}/silence`);
  expect([slow.status, await slow.text()]).toEqual([
    504,
    expect.stringContaining('504 Gateway Time-out'),
  ]);
  aws.faults.instance(ids[0] ?? '').kill();
  const replacement = await next(queue);
  expect(ids).not.toContain(replacement);
  expect((await fetch(url)).status).toBe(200);
});
