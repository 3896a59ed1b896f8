import type { OrdersDemo } from '../shop/demo';
import { count } from '../shop/table';
import { runAnnouncements } from './announcements';
import { drawAnnouncements } from './chart';
import { announcementsTable, lostIn } from './report';

/** Orders that are published once, and what becomes of them at everyone who wants to hear of them. */
export const fanOut: OrdersDemo = {
  name: 'fan-out',
  about: `Announces the orders of a sale day to three queues and an archive on the local emulator, at 60 times
real time: one consumer stops for a while, the archive is down, a queue's policy is broken and what it
misses is dead-lettered and sent again, and no subscriber loses an order.`,
  usage: ['npm start -- fan-out [options]'],
  defaultOut: 'fan-out',
  reads: 'orders',
  generatedOrders: 3_000,
  async run(input) {
    const { archive, aws, result, samples } = await runAnnouncements(input);
    const lost = lostIn(result);
    const title = `Fan-out: ${count(result.published)} orders announced, ${count(lost.length)} deliveries lost`;
    return {
      aws,
      table: announcementsTable(result),
      chart: drawAnnouncements(samples, title),
      lost,
      succeeded: lost.length === 0,
      commands: [],
      close: () => archive.stop(),
    };
  },
};
