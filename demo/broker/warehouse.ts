import type { Connection } from 'rhea';
import { type BrokerLogin, close, connectToAny } from './amqp-connection';

/** How many orders it is given before it has acknowledged any. */
const prefetch = 500;

/** The warehouse: it acknowledges each order once it has it, and knows those that it has had before. */
export class Warehouse {
  readonly orders = new Set<string>();
  private readonly connection: Connection;
  private again = 0;

  /** @param onOrder - called with each order that it had not had before. @default - nobody is told */
  constructor(login: BrokerLogin, queue: string, onOrder: () => void = () => undefined) {
    this.connection = connectToAny(login);
    const receiver = this.connection.open_receiver({
      source: { address: queue },
      credit_window: prefetch,
      autoaccept: false,
    });
    receiver.on('message', ({ delivery, message }) => {
      const id = String(message?.message_id);
      delivery?.accept();
      if (this.orders.has(id)) {
        this.again += 1;
        return;
      }
      this.orders.add(id);
      onOrder();
    });
  }

  /** Orders that came again. */
  get duplicates(): number {
    return this.again;
  }

  close(): Promise<void> {
    return close(this.connection);
  }
}
