import type { CreateDeliveryStreamInput } from '@aws-sdk/client-firehose';
import type { CapturedCall } from '../../../src';
import { destination, FirehoseBench, roleArn, transition } from './support';

const minute = 60_000;

let bench: FirehoseBench;

beforeEach(async () => {
  bench = await FirehoseBench.start({ firehoseEndpoints: { '*': 'capture' } });
});

afterEach(() => bench.stop());

async function stream(name: string, Url: string): Promise<void> {
  await bench.firehose.createDeliveryStream({
    DeliveryStreamName: name,
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url },
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      S3Configuration: destination(),
    },
  });
  await bench.aws.clock.advance(transition);
}

test('what is captured is read over HTTP, too, of one delivery stream or of all, and emptied', async () => {
  for (const name of ['a', 'b']) {
    await stream(name, `https://${name}.example.com/in`);
    await bench.put(name, name);
  }
  await bench.aws.clock.advance(minute);
  const route = `${await bench.aws.endpoint()}/_emulator/firehose`;
  const captured = async (query = '') => {
    const answer = await fetch(`${route}${query}`);
    const body: { captured: CapturedCall[] } = JSON.parse(await answer.text());
    return body.captured.map(({ url }) => url);
  };
  expect(await captured()).toEqual(['https://a.example.com/in', 'https://b.example.com/in']);
  expect(await captured('?deliveryStream=b')).toEqual(['https://b.example.com/in']);
  await fetch(route, { method: 'DELETE' });
  expect(await captured()).toEqual([]);
});

test('the longest address that fits says how a call is answered, until that is ended', async () => {
  await stream('a', 'https://a.example.com/in');
  bench.aws.firehose.answer('*', () => ({ status: 500 }));
  const end = bench.aws.firehose.answer('https://a.example.com/in', () => ({ status: 501 }));
  bench.aws.firehose.answer('a.example.com', () => undefined);
  await bench.put('a', 'one');
  await bench.aws.clock.advance(minute);
  expect(await bench.metric('a', 'DeliveryToHttpEndpoint.Success')).toBe(0);
  end();
  await bench.aws.clock.advance(minute);
  expect(await bench.metric('a', 'DeliveryToHttpEndpoint.Success')).toBe(1);
});

test('a delivery stream that is deleted tries no more', async () => {
  await stream('a', 'https://a.example.com/in');
  bench.aws.firehose.answer('*', () => 'connection refused');
  await bench.put('a', 'one');
  await bench.aws.clock.advance(minute);
  await bench.firehose.deleteDeliveryStream({ DeliveryStreamName: 'a' });
  const { length } = bench.aws.firehose.captured();
  await bench.aws.clock.advance(60 * minute);
  expect(bench.aws.firehose.captured()).toHaveLength(length);
});

const RoleARN = roleArn('delivery');
const S3Configuration = destination();
const refused: Omit<CreateDeliveryStreamInput, 'DeliveryStreamName'> = {
  SnowflakeDestinationConfiguration: {
    AccountUrl: 'https://a.snowflakecomputing.com',
    Database: 'd',
    Schema: 's',
    Table: 't',
    RoleARN,
    S3Configuration,
  },
  IcebergDestinationConfiguration: {
    CatalogConfiguration: { CatalogARN: 'arn:aws:glue:us-east-1:000000000000:catalog' },
    RoleARN,
    S3Configuration,
  },
  ElasticsearchDestinationConfiguration: { RoleARN, IndexName: 'i', S3Configuration },
};

test.each(Object.entries(refused))('%s is refused by name', async (name, configuration) => {
  await expect(
    bench.firehose.createDeliveryStream({ DeliveryStreamName: 'a', [name]: configuration }),
  ).rejects.toMatchObject({ name: 'NotImplemented', message: expect.stringContaining(name) });
});
