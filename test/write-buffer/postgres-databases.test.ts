import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Sink, WriteBuffer } from 'cdk-decouple';
import { databaseIn } from '../constructs/fixtures';
import { type Changes, environmentOf } from './postgres-support';

describe('other databases', () => {
  function sinkIn(stack: Stack, target: (vpc: ec2.Vpc, secret: secretsmanager.ISecret) => Changes) {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const secret = new secretsmanager.Secret(stack, 'Login');
    return Sink.postgres({
      vpc,
      table: 't',
      columns: ['id'],
      conflictKey: 'id',
      ...target(vpc, secret),
    });
  }

  test('an instance', () => {
    const stack = new Stack(new App(), 'Test');
    const sink = sinkIn(stack, (vpc) => ({
      instance: new rds.DatabaseInstance(stack, 'Instance', {
        engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
        vpc,
      }),
      databaseName: 'shop',
    }));
    new WriteBuffer(stack, 'Orders', { sink });

    expect(environmentOf(Template.fromStack(stack))).toMatchObject({
      DATABASE_HOST: { 'Fn::GetAtt': [expect.stringMatching(/^Instance/), 'Endpoint.Address'] },
      DATABASE_NAME: 'shop',
    });
  });

  test('a proxy', () => {
    const stack = new Stack(new App(), 'Test');
    const { vpc, cluster } = databaseIn(stack);
    const secret = cluster.secret;
    const proxy = cluster.addProxy('Proxy', { vpc, secrets: secret === undefined ? [] : [secret] });
    new WriteBuffer(stack, 'Orders', {
      sink: Sink.postgres({ vpc, proxy, secret, table: 't', columns: ['id'], conflictKey: 'id' }),
    });

    expect(environmentOf(Template.fromStack(stack))).toMatchObject({
      DATABASE_HOST: { 'Fn::GetAtt': [expect.stringMatching(/Proxy/), 'Endpoint'] },
      DATABASE_PORT: '5432',
      DATABASE_THROUGH_PROXY: 'true',
    });
  });

  test('an imported proxy, with a warning', () => {
    const stack = new Stack(new App(), 'Test');
    const sink = sinkIn(stack, (_vpc, secret) => ({
      secret,
      proxy: rds.DatabaseProxy.fromDatabaseProxyAttributes(stack, 'Proxy', {
        dbProxyName: 'p',
        dbProxyArn: 'arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-0f5e',
        endpoint: 'p.proxy-x.eu-west-1.rds.amazonaws.com',
        securityGroups: [],
      }),
    }));
    new WriteBuffer(stack, 'Orders', { sink });

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('cdk-decouple:databaseSecurityGroupUnknown'),
    );
  });

  test('an imported instance without its security groups, with a warning', () => {
    const stack = new Stack(new App(), 'Test');
    const sink = sinkIn(stack, (_vpc, secret) => ({
      secret,
      instance: rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
        instanceIdentifier: 'i',
        instanceEndpointAddress: 'i.example.com',
        port: 5_432,
        securityGroups: [],
      }),
    }));
    const buffer = new WriteBuffer(stack, 'Orders', { sink });
    buffer.connections.allowTo(
      ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0f5e'),
      ec2.Port.POSTGRES,
    );

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('connections.allowTo.*cdk-decouple:databaseSecurityGroupUnknown'),
    );
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-0f5e' });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      DestinationSecurityGroupId: 'sg-0f5e',
      FromPort: 5_432,
    });
  });

  test('an imported cluster in isolated subnets, with a warning', () => {
    const stack = new Stack(new App(), 'Test');
    const vpc = new ec2.Vpc(stack, 'Isolated', {
      subnetConfiguration: [{ name: 'a', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const sink = sinkIn(stack, (_vpc, secret) => ({
      vpc,
      secret,
      cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
        clusterIdentifier: 'c',
        clusterEndpointAddress: 'c.example.com',
        port: 5_432,
        securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0f5e')],
      }),
    }));
    new WriteBuffer(stack, 'Orders', { sink });

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('cdk-decouple:isolatedSubnets'),
    );
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0f5e',
    });
  });
});
