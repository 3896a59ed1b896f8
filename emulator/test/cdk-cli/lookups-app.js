// Stacks with a concrete environment: one makes a network, another looks up what it made.
const { App, CfnOutput, Stack, Tags } = require('aws-cdk-lib');
const {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  MachineImage,
  SecurityGroup,
  SubnetType,
  Vpc,
} = require('aws-cdk-lib/aws-ec2');
const { ApplicationLoadBalancer } = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const { Key } = require('aws-cdk-lib/aws-kms');
const { HostedZone } = require('aws-cdk-lib/aws-route53');
const { StringParameter } = require('aws-cdk-lib/aws-ssm');

const env = { account: '000000000000', region: process.env.AWS_REGION };
const app = new App({
  context: { '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': true },
});

const apps = {
  network() {
    const stack = new Stack(app, 'Network', { env });
    Tags.of(stack).add('team', 'orders');
    const vpc = new Vpc(stack, 'Vpc', { vpcName: 'shop', maxAzs: 2, natGateways: 1 });
    new SecurityGroup(stack, 'Web', { vpc, securityGroupName: 'shop-web' });
    new InterfaceVpcEndpoint(stack, 'Logs', {
      vpc,
      service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
      lookupSupportedAzs: true,
    });
    new Key(stack, 'Key', { alias: 'alias/shop' });
    new StringParameter(stack, 'Size', { parameterName: '/shop/size', stringValue: 'large' });
    new CfnOutput(stack, 'VpcId', { value: vpc.vpcId });
  },

  shop() {
    const stack = new Stack(app, 'Shop', { env });
    const vpc = Vpc.fromLookup(stack, 'ByName', { vpcName: 'shop' });
    const byTags = Vpc.fromLookup(stack, 'ByTags', { tags: { team: 'orders' } });
    const standard = Vpc.fromLookup(stack, 'Default', { isDefault: true });
    const web = SecurityGroup.fromLookupByName(stack, 'Web', 'shop-web', vpc);
    const image = MachineImage.lookup({
      name: 'al2023-ami-2023.*-kernel-6.1-x86_64',
      owners: ['amazon'],
    });
    new InterfaceVpcEndpoint(stack, 'Sqs', {
      vpc,
      service: InterfaceVpcEndpointAwsService.SQS,
      subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [web],
    });
    for (const [id, value] of Object.entries({
      Id: vpc.vpcId,
      IdByTags: byTags.vpcId,
      Zones: vpc.availabilityZones.join(),
      Private: vpc.privateSubnets.length,
      DefaultCidr: standard.vpcCidrBlock,
      DefaultPublic: standard.publicSubnets.length,
      Image: image.getImage(stack).imageId,
      Size: StringParameter.valueFromLookup(stack, '/shop/size'),
      KeyId: Key.fromLookup(stack, 'Key', { aliasName: 'alias/shop' }).keyId,
    })) {
      new CfnOutput(stack, id, { value: String(value) });
    }
  },

  balancer() {
    const stack = new Stack(app, 'Balancer', { env });
    ApplicationLoadBalancer.fromLookup(stack, 'Balancer', {
      loadBalancerTags: { team: 'orders' },
    });
  },

  zone() {
    HostedZone.fromLookup(new Stack(app, 'Zone', { env }), 'Zone', { domainName: 'example.com' });
  },

  nowhere() {
    Vpc.fromLookup(new Stack(app, 'Nowhere', { env }), 'Vpc', { vpcName: 'nowhere' });
  },
};
apps[process.env.VERSION ?? 'network']();
