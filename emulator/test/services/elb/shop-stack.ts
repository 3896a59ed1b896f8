import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Instance, InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { InstanceIdTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';

/** Two servers behind a load balancer, which answers some requests itself. */
export function shop(): Stack {
  const stack = new Stack(new App(), 'Shop');
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
  });
  const group = new ApplicationTargetGroup(stack, 'Servers', {
    vpc,
    port: 80,
    healthCheck: { path: '/health', interval: Duration.seconds(30) },
    deregistrationDelay: Duration.seconds(60),
  });
  const servers = vpc.publicSubnets.map(
    (subnet, index) =>
      new Instance(stack, `Server${index}`, {
        vpc,
        vpcSubnets: { subnets: [subnet] },
        instanceType: new InstanceType('t3.micro'),
        machineImage: MachineImage.latestAmazonLinux2023(),
      }),
  );
  for (const { instanceId } of servers) group.addTarget(new InstanceIdTarget(instanceId));
  const balancer = new ApplicationLoadBalancer(stack, 'Front', {
    vpc,
    internetFacing: true,
    loadBalancerName: 'shop',
  });
  const listener = balancer.addListener('Http', {
    port: 80,
    open: false,
    defaultTargetGroups: [group],
  });
  listener.addAction('Closed', {
    priority: 10,
    conditions: [ListenerCondition.pathPatterns(['/closed/*'])],
    action: ListenerAction.fixedResponse(410, { contentType: 'text/plain', messageBody: 'gone' }),
  });
  listener.addAction('Moved', {
    priority: 20,
    conditions: [ListenerCondition.hostHeaders(['old.example.com'])],
    action: ListenerAction.redirect({ host: 'new.example.com', protocol: 'HTTPS', port: '443' }),
  });
  new CfnOutput(stack, 'Group', { value: group.targetGroupArn });
  new CfnOutput(stack, 'Dns', { value: balancer.loadBalancerDnsName });
  new CfnOutput(stack, 'FullName', { value: balancer.loadBalancerFullName });
  new CfnOutput(stack, 'GroupFullName', { value: group.targetGroupFullName });
  servers.forEach(({ instanceId }, index) => {
    new CfnOutput(stack, `Id${index}`, { value: instanceId });
  });
  return stack;
}
