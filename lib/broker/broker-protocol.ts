/**
 * A protocol that clients speak with ActiveMQ, always over TLS.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/broker.html
 */
export enum BrokerProtocol {
  /** What JMS clients of ActiveMQ speak. */
  OPENWIRE = 'OPENWIRE',
  /** AMQP 1.0. */
  AMQP = 'AMQP',
  /** STOMP 1.0 to 1.2. */
  STOMP = 'STOMP',
  /** MQTT 3.1 and 3.1.1; not 5. */
  MQTT = 'MQTT',
  /** STOMP or MQTT in WebSockets. */
  WSS = 'WSS',
}

/** The port of each: the same for every broker of Amazon MQ. */
export const PROTOCOL_PORTS: Readonly<Record<BrokerProtocol, number>> = {
  [BrokerProtocol.OPENWIRE]: 61617,
  [BrokerProtocol.AMQP]: 5671,
  [BrokerProtocol.STOMP]: 61614,
  [BrokerProtocol.MQTT]: 8883,
  [BrokerProtocol.WSS]: 61619,
};

/** The port of the web console. */
export const CONSOLE_PORT = 8162;
