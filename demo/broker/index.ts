import { DemoError, type OrdersDemo } from '../shop/demo';
import { count } from '../shop/table';
import { drawFailover } from './chart';
import { runFailover } from './failover';
import { failoverTable } from './report';

/** Orders that go through a pair of brokers, of which the active one is killed. */
export const broker: OrdersDemo = {
  name: 'broker',
  about: `Sends orders over AMQP through an active/standby pair of ActiveMQ on the local emulator, real brokers in real time:
the active one is killed half-way, the standby takes over with what was stored, and no order is lost.`,
  usage: ['npm start -- broker [options]'],
  defaultOut: 'broker',
  reads: 'orders',
  generatedOrders: 6_000,
  async run(input) {
    const { aws, close, outage, result, samples } = await runFailover(input).catch(explained);
    const { confirmed, lost } = result;
    const title = `Failover: ${count(confirmed)} orders confirmed, ${count(lost.length)} lost`;
    return {
      aws,
      table: failoverTable(result),
      chart: drawFailover(samples, outage, title),
      lost,
      succeeded: lost.length === 0 && confirmed === input.orders.length,
      commands: [],
      close,
    };
  },
};

/** What to do where there is no ActiveMQ, without a stack trace. */
function explained(error: unknown): never {
  const [, reason] = /(No ActiveMQ found.*)/s.exec(String(error)) ?? [];
  throw reason === undefined ? error : new DemoError(reason);
}
