import type { OrdersDemo } from '../shop/demo';
import { count } from '../shop/table';
import { drawClicks } from './chart';
import { clicksTable } from './report';
import { runClicks } from './streamed-sale';

/** Clicks that are put into a stream, and what becomes of them on their way to a bucket. */
export const stream: OrdersDemo = {
  name: 'stream',
  about: `Puts the clicks of a sale day into a stream, from where a function and Firehose take them to a bucket on
the local emulator, at 60 times real time: the bucket is closed for a while, the stream gets more shards, the
function stops and what fails meanwhile is put into the stream again, and no click is lost.`,
  usage: ['npm start -- stream [options]'],
  defaultOut: 'stream',
  reads: 'orders',
  generatedOrders: 3_000,
  async run(input) {
    const { aws, bucket, result, samples } = await runClicks(input);
    const { addresses, lost, outOfOrder, published } = result;
    return {
      aws,
      table: clicksTable(result),
      chart: drawClicks(samples, `Stream: ${count(published)} clicks, ${count(lost.length)} lost`),
      lost,
      succeeded: lost.length === 0 && addresses === 0 && outOfOrder === 0,
      commands: ['aws s3 ls', `aws s3 ls s3://${bucket}/ --recursive`],
      close: async () => undefined,
    };
  },
};
