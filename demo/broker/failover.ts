import { readFile } from 'node:fs/promises';
import { setInterval } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App } from 'aws-cdk-lib';
import { type BrokerFaults, type Deployment, Emulator } from 'cdk-decouple-emulator';
import { OrderBrokerStack } from '../../bin/order-broker';
import type { DemoInput } from '../shop/demo';
import type { Span } from '../shop/line-chart';
import { type Order, orderMessage } from '../shop/order';
import type { BrokerLogin } from './amqp-connection';
import type { Sample } from './chart';
import type { FailoverResult } from './report';
import { Shop } from './shop';
import { Warehouse } from './warehouse';

const queue = 'orders';
/** Real milliseconds between two looks at the clock; a batch of orders is sent at each. */
const tick = 50;
/** Real milliseconds that all orders take. */
const saleLength = 10_000;
/** What has not come so many real milliseconds after the last order never will. */
const patience = 30_000;

/** An exchange that is over, with everything still running. */
export interface FinishedFailover {
  readonly result: FailoverResult;
  readonly samples: readonly Sample[];
  readonly outage: Span;
  readonly aws: Emulator;
  readonly close: () => Promise<void>;
}

/** Deploys the broker, sends every order through it, kills the active member half-way, and counts what became of them. */
export async function runFailover({
  orders,
  progress,
  seed,
}: DemoInput): Promise<FinishedFailover> {
  const aws = await Emulator.start({ seed });
  try {
    progress('deploying an active and a standby broker');
    const deployment = await aws.deploy(new OrderBrokerStack(new App(), 'OrderBroker'));
    progress(`deployed ${deployment.summary()}`);
    const exchange = new Exchange(
      orders,
      await loginOf(aws, deployment, 'Shop'),
      await loginOf(aws, deployment, 'Warehouse'),
    );
    const result = await exchange.run(aws.faults.broker(), progress);
    const { outage, samples } = exchange;
    return { aws, result, samples, outage, close: () => exchange.close() };
  } catch (error) {
    await aws.stop();
    throw error;
  }
}

/** What one of the two connects with. */
async function loginOf(
  aws: Emulator,
  deployment: Deployment,
  user: 'Shop' | 'Warehouse',
): Promise<BrokerLogin> {
  const { SecretString = '' } = await aws
    .client(SecretsManagerClient)
    .send(new GetSecretValueCommand({ SecretId: deployment.output(`${user}SecretArn`) }));
  const { password, username } = JSON.parse(SecretString) as Record<
    'password' | 'username',
    string
  >;
  return {
    endpoints: [deployment.output('Endpoint1'), deployment.output('Endpoint2')],
    username,
    password,
    ca: await readFile(await aws.certificateAuthorityFile(), 'utf8'),
  };
}

/** All orders on their way from the shop to the warehouse. */
class Exchange {
  readonly samples: Sample[] = [];
  outage: Span = { from: 0, to: 0 };
  private readonly shop: Shop;
  private readonly warehouse: Warehouse;
  private readonly opening = performance.now();
  private failover: Promise<void> | undefined;
  private inFlight = 0;
  private nextConfirmation = 0;
  private members: readonly [number, number] = [0, 0];

  constructor(
    private readonly orders: readonly Order[],
    shop: BrokerLogin,
    warehouse: BrokerLogin,
  ) {
    this.shop = new Shop(shop, queue, () => {
      if (this.outage.to > 0 && this.nextConfirmation === 0) this.nextConfirmation = this.now();
    });
    this.warehouse = new Warehouse(warehouse, queue);
  }

  async run(broker: BrokerFaults, progress: DemoInput['progress']): Promise<FailoverResult> {
    const { orders, shop, warehouse } = this;
    progress(`the shop opens: ${orders.length} persistent orders in ${saleLength / 1000} seconds`);
    let sent = 0;
    let lastOrderAt = 0;
    for await (const _ of setInterval(tick)) {
      const due = Math.min(orders.length, Math.ceil((this.now() / saleLength) * orders.length));
      for (const order of orders.slice(sent, due)) shop.send(order.orderId, orderMessage(order));
      sent = due;
      if (sent === orders.length && lastOrderAt === 0) lastOrderAt = this.now();
      this.samples.push(this.sample());
      if (shop.confirmed.size >= orders.length / 2) this.failover ??= this.kill(broker, progress);
      const over = shop.confirmed.size === orders.length && this.missing().length === 0;
      if (lastOrderAt > 0 && (over || this.now() - lastOrderAt > patience)) break;
    }
    await this.failover;
    return {
      confirmed: shop.confirmed.size,
      received: warehouse.orders.size,
      lost: this.missing(),
      duplicates: warehouse.duplicates,
      inFlight: this.inFlight,
      sentAgain: shop.sentAgain,
      failover: this.outage.to - this.outage.from,
      pause: this.nextConfirmation - this.outage.from,
      members: this.members,
      realTime: this.now(),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.shop.close(), this.warehouse.close()]);
  }

  /** Kills the active member and waits for the other one; what was killed comes back as the standby. */
  private async kill(broker: BrokerFaults, progress: DemoInput['progress']): Promise<void> {
    const before = broker.active ?? 0;
    this.inFlight = this.shop.unconfirmed;
    const from = this.now();
    progress(`member ${before} is killed, with ${this.shop.confirmed.size} orders confirmed`);
    await broker.kill();
    const after = await broker.whenActive();
    this.outage = { from, to: this.now() };
    this.members = [before, after];
    progress(`member ${after} serves, ${Math.round(this.outage.to - from)} ms later`);
    await broker.start();
  }

  private missing(): string[] {
    return [...this.shop.confirmed].filter((id) => !this.warehouse.orders.has(id));
  }

  private sample(): Sample {
    const confirmed = this.shop.confirmed.size;
    const received = this.warehouse.orders.size;
    return {
      at: this.now(),
      confirmed,
      received,
      unconfirmed: this.shop.unconfirmed,
      stored: Math.max(0, confirmed - received),
    };
  }

  /** Real milliseconds since the shop opened. */
  private now(): number {
    return performance.now() - this.opening;
  }
}
