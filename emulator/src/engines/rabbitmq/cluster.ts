import type { ArrangedMembers, Arrangement } from '../brokers/arrangement';
import { brokerHost } from '../brokers/member';
import { TcpRelay } from '../brokers/tcp-relay';
import type { RabbitMqNode } from './node';

/**
 * Nodes that all serve, behind the one address that clients are told of.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-broker-architecture.html
 */
export class Cluster implements Arrangement {
  private readonly relay = new TcpRelay(brokerHost, () =>
    this.nodes.flatMap(({ servingPorts }) => servingPorts?.amqp ?? []),
  );
  private readonly consoleRelay = new TcpRelay(brokerHost, () =>
    this.nodes.flatMap(({ servingPorts }) => servingPorts?.management ?? []),
  );

  /**
   * @param nodes - filled while they are made
   * @param formed - whether the nodes know each other already
   */
  constructor(
    private readonly nodes: readonly RabbitMqNode[],
    private formed: boolean,
  ) {}

  /** Of a new cluster the first node is there before the others, which join it. Later each may have to wait for another. */
  async start({ members, startMember }: ArrangedMembers): Promise<void> {
    await this.relay.listen();
    await this.consoleRelay.listen();
    const [seed, ...others] = members;
    if (!this.formed && seed) {
      await startMember(seed);
      await Promise.all(others.map(startMember));
      this.formed = true;
    } else await Promise.all(members.map(startMember));
  }

  /** One node after the other, each when the others have all that it has. */
  async restart({ startMember }: ArrangedMembers): Promise<void> {
    for (const node of this.nodes) {
      await node.whenDispensable();
      await node.stop();
      await startMember(node);
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    this.relay.close();
    this.consoleRelay.close();
  }

  endpoints(): string[][] {
    return [[`amqps://${this.relay.address}`]];
  }

  consoleUrls(): string[] {
    return [`https://${this.consoleRelay.address}`];
  }
}
