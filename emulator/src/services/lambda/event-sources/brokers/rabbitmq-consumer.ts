import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { withDeadline } from '../../../../engines/processes/deadline';
import {
  type BrokerConsumer,
  type BrokerMessage,
  type ConsumerOptions,
  ConsumerProblem,
} from './consumer';
import { rabbitMqRecord } from './rabbitmq-message';

/**
 * Begins to consume a queue of RabbitMQ, over AMQP 0-9-1.
 *
 * @throws ConsumerProblem
 */
export async function consumeRabbitMq(options: ConsumerOptions): Promise<BrokerConsumer> {
  const { connect } = require('amqplib') as typeof import('amqplib');
  const { hostname, port } = new URL(options.endpoint);
  const { authority, password, username } = options;
  const connection = await connect(
    {
      protocol: 'amqps',
      hostname,
      port: Number(port),
      username,
      password,
      vhost: options.virtualHost,
    },
    { ca: authority, servername: '', noDelay: true, clientProperties: { name: options.name } },
  ).catch((error: unknown) => {
    throw problemOf(error, 'EVENT_SOURCE_AUTHN_ERROR');
  });
  // What is wrong is told by the call that fails, or by the end of the channel.
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    const consumer = new RabbitMqConsumer(connection, channel, options);
    // It is tried again then.
    const unanswered = () => 'The queue does not answer.';
    await withDeadline(consumer.begin(), answerLimit, unanswered);
    return consumer;
  } catch (error) {
    connection.close().catch(() => undefined);
    throw problemOf(error, 'EVENT_SOURCE_AUTHZ_ERROR');
  }
}

/** Real milliseconds that a queue may take to answer: a quorum queue that has no leader yet does not. */
const answerLimit = 5000;

class RabbitMqConsumer implements BrokerConsumer {
  private readonly held = new Map<BrokerMessage, ConsumeMessage>();
  private begun = false;
  private closed = false;
  private problem: ConsumerProblem | undefined;

  constructor(
    private readonly connection: ChannelModel,
    private readonly channel: Channel,
    private readonly options: ConsumerOptions,
  ) {
    channel.on('error', (error) => {
      this.problem = problemOf(error, 'EVENT_SOURCE_AUTHZ_ERROR');
    });
    channel.on('close', () => this.lost());
    connection.on('close', () => this.lost());
  }

  async begin(): Promise<void> {
    const { name: consumerTag, prefetch, queue } = this.options;
    await this.channel.prefetch(prefetch);
    await this.channel.consume(queue, (message) => this.receive(message), { consumerTag });
    this.begun = true;
  }

  accept(messages: readonly BrokerMessage[]): void {
    for (const message of this.release(messages)) this.channel.ack(message);
  }

  /** The queue has them again: in their places, where it can. */
  fail(messages: readonly BrokerMessage[]): readonly BrokerMessage[] {
    for (const message of this.release(messages)) this.channel.nack(message, false, true);
    return [];
  }

  /** The queue answers after it has delivered, and the channel passes on what it was given before the second answer. */
  async look(): Promise<void> {
    for (let asked = 0; asked < 2 && !this.closed; asked++)
      await this.channel.checkQueue(this.options.queue).catch(() => undefined);
  }

  /** The end of a connection gives them back, too, but later than it is confirmed. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const lost = new Promise<void>((resolve) => {
      this.connection.once('close', () => resolve());
    });
    await Promise.race([this.giveBack().catch(() => undefined), lost]);
    await Promise.race([this.connection.close().catch(() => undefined), lost]);
  }

  /** Once the queue has answered it has them. */
  private async giveBack(): Promise<void> {
    const { name, queue } = this.options;
    await this.channel.cancel(name);
    this.channel.nackAll(true);
    await this.channel.checkQueue(queue);
  }

  private receive(message: ConsumeMessage | null): void {
    if (this.closed) return;
    // The queue is gone.
    if (!message) {
      this.lost();
      return;
    }
    const { deliveryTag } = message.fields;
    const text = rabbitMqRecord(message);
    const held: BrokerMessage = {
      id: String(message.properties.messageId ?? `${this.options.name}-${deliveryTag}`),
      data: message.content,
      size: Buffer.byteLength(text),
      text: () => text,
    };
    this.held.set(held, message);
    this.options.onMessage(held);
  }

  private release(messages: readonly BrokerMessage[]): ConsumeMessage[] {
    if (this.closed) return [];
    return messages.flatMap((message) => {
      const held = this.held.get(message);
      this.held.delete(message);
      return held ?? [];
    });
  }

  private lost(): void {
    if (this.closed || !this.begun) return;
    this.closed = true;
    this.connection.close().catch(() => undefined);
    this.options.onLost(this.problem);
  }
}

/** @param refusal - what a refusal of access means here */
function problemOf(
  error: unknown,
  refusal: 'EVENT_SOURCE_AUTHN_ERROR' | 'EVENT_SOURCE_AUTHZ_ERROR',
): ConsumerProblem {
  if (error instanceof ConsumerProblem) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ConsumerProblem(/ACCESS[_-]REFUSED/.test(text) ? refusal : undefined, text);
}
