import type { OrdersDemo } from '../shop/demo';
import { count } from '../shop/table';
import { drawSale } from './chart';
import { saleTable } from './report';
import { outage, runSale } from './sale';

/** Orders, a queue and a database that is slower than they arrive. */
export const saleDay: OrdersDemo = {
  name: 'sale-day',
  about: `Runs a sale day on the local emulator, at 60 times real time: orders arrive faster than the
database takes them, the database stops for a while, and not one accepted order is lost.`,
  usage: [
    'npm start -- [options]',
    'npm start -- fan-out [options]   orders announced to several queues; each of these has a --help of its own',
    'npm start -- stream [options]    clicks through a stream and Firehose to a bucket',
    'npm start -- workers [options]   videos encoded by as many instances as the queue asks for',
    'npm start -- broker [options]    orders through a pair of brokers, of which one is killed',
  ],
  defaultOut: 'sale-day',
  reads: 'orders',
  generatedOrders: 12_000,
  async run(input) {
    const { aws, database, result, samples } = await runSale(input);
    const title = `Sale day: ${count(result.accepted)} orders accepted, ${count(result.lost.length)} lost`;
    return {
      aws,
      table: saleTable(result),
      chart: drawSale(samples, outage, title),
      lost: result.lost,
      succeeded: result.lost.length === 0 && result.acceptedPennies === result.writtenPennies,
      commands: [`psql '${database.connectionString}'`],
      close: () => database.close(),
    };
  },
};
