import { failuresOf, type ValidationRule } from '../../validation';
import { type Authorization, authorizationPlugin } from './authorization';
import { isDestinationName } from './destination-name';
import type { DestinationPolicy } from './destination-policy';
import type { RedeliveryPolicy } from './redelivery-policy';
import { renderXml, wrap, type XmlElement } from './xml-element';

/** Namespace of the elements. */
const NAMESPACE = 'http://activemq.apache.org/schema/core';

/** What a broker of ActiveMQ is told beyond what Amazon MQ says. */
export interface ActiveMqConfigurationOptions {
  /**
   * Queues that are there from the start. Others are made by whoever uses them first, if they may.
   *
   * @default - none
   */
  readonly queues?: readonly string[];

  /**
   * Topics that are there from the start.
   *
   * @default - none
   */
  readonly topics?: readonly string[];

  /**
   * How queues and topics are treated.
   *
   * @default - as ActiveMQ does
   */
  readonly policies?: readonly DestinationPolicy[];

  /**
   * Queues for which the broker tries messages again by itself.
   *
   * @default - none: clients do, as often as they see fit
   */
  readonly redelivery?: readonly RedeliveryPolicy[];

  /**
   * Who may do what. Without a map every user may do everything; with one, only what an entry says.
   *
   * @default - everybody, everything
   */
  readonly authorization?: readonly Authorization[];

  /**
   * Whether the broker stamps messages with its own time instead of the sender's, so that wrong clocks of clients do not expire them.
   *
   * @default false
   */
  readonly brokerTimestamps?: boolean;
}

/**
 * The configuration of a broker of ActiveMQ, which Amazon MQ takes as XML.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/amazon-mq-broker-configuration-parameters.html
 */
export class ActiveMqConfiguration {
  /** A configuration of XML, for elements that the options do not have. Nothing of it is checked but that it is of an element `broker`. */
  public static fromXml(xml: string): ActiveMqConfiguration {
    const failures = /<broker[\s>/]/.test(xml)
      ? []
      : ['the XML of a configuration must be of an element broker'];
    return new ActiveMqConfiguration(xml, failures, []);
  }

  /** A configuration of these options. */
  public static of(options: ActiveMqConfigurationOptions): ActiveMqConfiguration {
    const { authorization = [], policies = [], redelivery = [] } = options;
    return new ActiveMqConfiguration(
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${renderXml(broker(options))}`,
      [
        ...failuresOf(options, CONFIGURATION_RULES),
        ...[...policies, ...redelivery, ...authorization].flatMap(({ failures }) => failures),
      ],
      authorization,
    );
  }

  private constructor(
    /** What Amazon MQ is given. */
    public readonly xml: string,
    /** What is wrong with it. */
    public readonly failures: readonly string[],
    /** Its authorisation map. */
    public readonly authorization: readonly Authorization[],
  ) {}
}

const CONFIGURATION_RULES: ReadonlyArray<ValidationRule<ActiveMqConfigurationOptions>> = [
  {
    fails: (options) => wrongNames(options).length > 0,
    message: (options) =>
      `queues and topics must be names without white space, commas, question marks and wildcards, got ${wrongNames(options).join(', ')}`,
  },
];

function wrongNames({ queues = [], topics = [] }: ActiveMqConfigurationOptions): string[] {
  return [...queues, ...topics]
    .filter((name) => !isDestinationName(name))
    .map((name) => `'${name}'`);
}

/** ActiveMQ's schema wants the children of an element in the order of their names. */
function broker(options: ActiveMqConfigurationOptions): XmlElement {
  const { policies = [], redelivery = [] } = options;
  return {
    name: 'broker',
    attributes: {
      xmlns: NAMESPACE,
      schedulePeriodForDestinationPurge: policies.some(
        ({ element }) => element.attributes?.gcInactiveDestinations,
      )
        ? 10_000
        : undefined,
      // The broker keeps what it tries again later with its scheduler.
      schedulerSupport: redelivery.length > 0 ? true : undefined,
    },
    children: [
      ...wrap(
        'destinationPolicy',
        wrap(
          'policyMap',
          wrap(
            'policyEntries',
            policies.map(({ element }) => element),
          ),
        ),
      ),
      ...wrap('destinations', destinations(options)),
      ...wrap('plugins', plugins(options)),
    ],
  };
}

function destinations({ queues = [], topics = [] }: ActiveMqConfigurationOptions): XmlElement[] {
  return [
    ...queues.map((physicalName) => ({ name: 'queue', attributes: { physicalName } })),
    ...topics.map((physicalName) => ({ name: 'topic', attributes: { physicalName } })),
  ];
}

function plugins({
  authorization = [],
  brokerTimestamps,
  redelivery = [],
}: ActiveMqConfigurationOptions): XmlElement[] {
  return [
    ...(authorization.length > 0 ? [authorizationPlugin(authorization)] : []),
    ...(redelivery.length > 0 ? [redeliveryPlugin(redelivery)] : []),
    ...(brokerTimestamps === true ? [{ name: 'timeStampingBrokerPlugin' }] : []),
  ];
}

/** Queues that no policy is for go without: their messages are dead letters as soon as a client says so. */
function redeliveryPlugin(policies: readonly RedeliveryPolicy[]): XmlElement {
  return {
    name: 'redeliveryPlugin',
    attributes: { fallbackToDeadLetter: true, sendToDlqIfMaxRetriesExceeded: true },
    children: [
      {
        name: 'redeliveryPolicyMap',
        children: wrap(
          'redeliveryPolicyMap',
          wrap(
            'redeliveryPolicyEntries',
            policies.map(({ element }) => element),
          ),
        ),
      },
    ],
  };
}
