import type { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  ActiveMqConfiguration,
  ActiveMqVersion,
  type ActiveStandbyBrokerProps,
  Authorization,
  Weekday,
} from 'cdk-decouple';
import { failuresWith } from './active-standby-broker-support';

describe('fails when', () => {
  test.each<[string, (stack: Stack, vpc: ec2.IVpc) => Partial<ActiveStandbyBrokerProps>, string]>([
    [
      'the version has ended',
      () => ({ engineVersion: ActiveMqVersion.of('5.16.7') }),
      'Amazon MQ has ended its support of ActiveMQ 5.16.7: take one of 5.18, 5.19',
    ],
    [
      'the version is a patch',
      () => ({ engineVersion: ActiveMqVersion.of('5.19.1') }),
      "Amazon MQ takes the major and minor version of ActiveMQ only, such as 5.19, got '5.19.1'",
    ],
    [
      'the instances are of RabbitMQ',
      () => ({ instanceType: new ec2.InstanceType('m7g.large') }),
      'an active/standby pair of ActiveMQ 5.19 on EFS does not run on mq.m7g.large: take one of mq.t3.micro, mq.m5.large, mq.m5.xlarge, mq.m5.2xlarge, mq.m5.4xlarge',
    ],
    [
      'there is one zone',
      (stack) => ({ vpc: new ec2.Vpc(stack, 'Small', { maxAzs: 1 }) }),
      'an active/standby pair needs subnets in 2 zones, and there are some in 1: give vpc more zones, or select others with vpcSubnets',
    ],
    [
      'one subnet is selected',
      (_stack, vpc) => ({ vpcSubnets: { subnets: vpc.privateSubnets.slice(0, 1) } }),
      'an active/standby pair needs subnets in 2 zones, and there are some in 1: give vpc more zones, or select others with vpcSubnets',
    ],
    [
      'the VPC has public subnets only',
      (stack) => ({
        vpc: new ec2.Vpc(stack, 'Public', {
          subnetConfiguration: [{ name: 'p', subnetType: ec2.SubnetType.PUBLIC }],
        }),
      }),
      'an active/standby pair needs subnets in 2 zones, and there are some in 0: give vpc more zones, or select others with vpcSubnets',
    ],
    [
      'the name has a dot',
      () => ({ brokerName: 'orders.eu' }),
      "brokerName must be 1 to 50 letters, digits, hyphens and underscores, got 'orders.eu'",
    ],
    [
      'the window is by the clock of 12 hours',
      () => ({ maintenanceWindow: { day: Weekday.MONDAY, time: '2:00' } }),
      "maintenanceWindow.time must be hours and minutes by the clock of 24 hours, such as 02:00, got '2:00'",
    ],
    ['there is no user', () => ({ users: {} }), 'users must be 1 to 250, got 0'],
    [
      'a user has a name that Amazon MQ does not take',
      () => ({ users: { 'a user': {} } }),
      "names of users must be 2 to 100 letters, digits and - . _ ~, got 'a user'",
    ],
    [
      'a group has a name that Amazon MQ does not take',
      () => ({ users: { shop: { groups: ['a'] } } }),
      "groups of users must be 2 to 100 letters, digits and - . _ ~, got 'a'",
    ],
    [
      'a user is of too many groups',
      () => ({ users: { shop: { groups: Array.from({ length: 21 }, (_, n) => `group${n}`) } } }),
      'a user must not be of more than 20 groups',
    ],
    [
      'nobody is of a group that may do something',
      () => ({
        users: { shop: { groups: ['shops'] } },
        configuration: ActiveMqConfiguration.of({
          authorization: [Authorization.queue('>', { read: ['invoices'], write: ['shops'] })],
        }),
      }),
      'the authorization of the configuration names invoices, and no user is of such a group',
    ],
    [
      'the console is shut out that somebody may use',
      () => ({
        configuration: ActiveMqConfiguration.of({
          authorization: [Authorization.queue('>', { write: ['shops'] })],
        }),
      }),
      'a user has consoleAccess, and the authorization of the configuration does not let the console in: add the group activemq-webconsole to its entries, or take consoleAccess away',
    ],
    [
      'a threshold is above 100 percent',
      () => ({ alarmThresholds: { storePercent: 101 } }),
      'alarmThresholds.storePercent must be a whole number between 1 and 100, got 101',
    ],
    [
      'the configuration is wrong',
      () => ({ configuration: ActiveMqConfiguration.of({ queues: ['orders.>'] }) }),
      "queues and topics must be names without white space, commas, question marks and wildcards, got 'orders.>'",
    ],
  ])('%s', (_name, changes, message) => {
    expect(failuresWith(changes)).toEqual([message]);
  });

  test('several things are wrong: all are told at once', () => {
    expect(
      failuresWith(() => ({
        brokerName: '',
        users: {},
        instanceType: new ec2.InstanceType('t2.micro'),
      })),
    ).toHaveLength(3);
  });
});
