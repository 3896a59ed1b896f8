import type { Connection, Delivery, Sender } from 'rhea';
import { type BrokerLogin, close, connectToAny } from './amqp-connection';

/** The shop: it sends each order until the broker has confirmed that it is stored. */
export class Shop {
  readonly confirmed = new Set<string>();
  private readonly connection: Connection;
  private readonly sender: Sender;
  /** Orders that are not confirmed, the oldest first. */
  private readonly open = new Map<string, string>();
  /** Those of them that are to be sent over the present connection. */
  private toSend: string[] = [];
  private readonly inDelivery = new Map<Delivery, string>();
  private readonly sent = new Set<string>();
  private again = 0;

  constructor(
    login: BrokerLogin,
    queue: string,
    private readonly onConfirmed: () => void,
  ) {
    this.connection = connectToAny(login);
    this.sender = this.connection.open_sender({ target: { address: queue } });
    this.sender.on('sendable', () => this.flush());
    this.sender.on('accepted', ({ delivery }) => delivery && this.accepted(delivery));
    // Whether the broker has stored these nobody knows: they go out again, and may come twice.
    this.connection.on('disconnected', () => {
      this.inDelivery.clear();
      this.toSend = [...this.open.keys()];
    });
  }

  /** Sends an order; it is not lost if there is no broker just now. */
  send(id: string, message: string): void {
    this.open.set(id, message);
    this.toSend.push(id);
    this.flush();
  }

  /** Orders that the broker has not confirmed yet. */
  get unconfirmed(): number {
    return this.open.size;
  }

  /** How many orders it has sent again. */
  get sentAgain(): number {
    return this.again;
  }

  close(): Promise<void> {
    return close(this.connection);
  }

  private flush(): void {
    while (this.sender.sendable()) {
      const id = this.toSend.shift();
      if (id === undefined) return;
      const delivery = this.sender.send({ message_id: id, body: this.open.get(id), durable: true });
      this.inDelivery.set(delivery, id);
      if (this.sent.has(id)) this.again += 1;
      this.sent.add(id);
    }
  }

  private accepted(delivery: Delivery): void {
    const id = this.inDelivery.get(delivery);
    this.inDelivery.delete(delivery);
    if (id === undefined || !this.open.delete(id)) return;
    this.confirmed.add(id);
    this.onConfirmed();
  }
}
