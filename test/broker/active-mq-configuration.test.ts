import { Duration } from 'aws-cdk-lib';
import {
  ActiveMqConfiguration,
  Authorization,
  DeadLetterStrategy,
  DestinationPolicy,
  RedeliveryPolicy,
} from 'cdk-decouple';
import { brokerWith } from './active-standby-broker-support';

describe('a configuration', () => {
  const xmlOf = (...args: Parameters<typeof ActiveMqConfiguration.of>) =>
    ActiveMqConfiguration.of(...args).xml;

  test('is XML as Amazon MQ takes it', () => {
    expect(
      xmlOf({
        queues: ['orders', 'orders.late'],
        topics: ['prices'],
        policies: [
          DestinationPolicy.queue('orders.>', {
            deadLetters: DeadLetterStrategy.individual({ expiration: Duration.days(14) }),
            prefetch: 1,
            prioritizedMessages: true,
          }),
          DestinationPolicy.topic('>', {
            pendingMessageLimit: 1_000,
            removeWhenUnusedFor: Duration.minutes(10),
            deadLetters: DeadLetterStrategy.discard(),
          }),
          DestinationPolicy.queue('>', {
            deadLetters: DeadLetterStrategy.shared({ queue: 'DLQ', keepExpired: false }),
          }),
        ],
        redelivery: [
          RedeliveryPolicy.queue('orders', {
            maximumRedeliveries: 3,
            delay: Duration.seconds(5),
            backOffMultiplier: 2,
            maximumDelay: Duration.minutes(1),
          }),
        ],
        authorization: [
          Authorization.queue('orders.>', { read: ['invoices'], write: ['shops'] }),
          Authorization.topic('prices', { admin: ['shops'] }),
        ],
        brokerTimestamps: true,
      }),
    ).toMatchSnapshot();
  });

  test('lets everybody who may do anything read what the broker tells clients of itself', () => {
    expect(
      xmlOf({ authorization: [Authorization.queue('orders', { write: ['shops', 'tills'] })] }),
    ).toContain(
      '<authorizationEntry topic="ActiveMQ.Advisory.&gt;" read="shops,tills" write="shops,tills" admin="shops,tills"/>',
    );
  });

  test('of nothing has nothing in it', () => {
    expect(xmlOf({})).toBe(
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<broker xmlns="http://activemq.apache.org/schema/core"/>\n',
    );
  });

  test.each([
    ['orders.>.late', false],
    ['orders >', false],
    ['or*ders', false],
    ['', false],
    ['orders..late', false],
    ['>', true],
    ['*.late', true],
    ['orders.*.late.>', true],
  ])("has patterns: '%s' is one: %s", (pattern, fits) => {
    const failures = [
      DestinationPolicy.queue(pattern),
      RedeliveryPolicy.queue(pattern),
      Authorization.topic(pattern, {}),
    ].map((made) => made.failures.length);

    expect(failures).toEqual(fits ? [0, 0, 0] : [1, 1, 1]);
  });

  test.each([
    [{ prefetch: -1 }, 'prefetch must be a whole number between 0 and 32,766, got -1'],
    [
      { pendingMessageLimit: 0.5 },
      'pendingMessageLimit must be a whole number between 0 and 2,147,483,647, got 0.5',
    ],
  ])('fails when a policy has %j', (options, message) => {
    const policies = [DestinationPolicy.topic('prices', options)];

    expect(ActiveMqConfiguration.of({ policies }).failures).toEqual([message]);
  });

  test('fails when messages are tried again sooner and sooner', () => {
    const redelivery = [RedeliveryPolicy.queue('orders', { backOffMultiplier: 1 })];

    expect(ActiveMqConfiguration.of({ redelivery }).failures).toEqual([
      'backOffMultiplier must be above 1, got 1',
    ]);
  });

  test('can be XML of one’s own', () => {
    const { template } = brokerWith(() => ({
      configuration: ActiveMqConfiguration.fromXml('<broker/>'),
    }));
    template().hasResourceProperties('AWS::AmazonMQ::Configuration', {
      Data: { 'Fn::Base64': '<broker/>' },
    });

    expect(ActiveMqConfiguration.fromXml('<beans/>').failures).toEqual([
      'the XML of a configuration must be of an element broker',
    ]);
  });
});
