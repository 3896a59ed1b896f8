import { jsonRecords } from '../../../lib/stream-delivery/handler/json-records';
import type { JsonRecordsSettings } from '../../../lib/stream-delivery/json-records-settings';

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

async function transform(text: string, settings: Partial<JsonRecordsSettings> = {}) {
  const { records } = await jsonRecords(settings)({
    invocationId: 'i',
    deliveryStreamArn: 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/clicks',
    region: 'eu-west-1',
    records: [{ recordId: '1', approximateArrivalTimestamp: 0, data: base64(text) }],
  });
  const [record] = records;
  if (record === undefined) throw new Error('there is no record');
  return { ...record, data: Buffer.from(record.data ?? '', 'base64').toString('utf8') };
}

test('a record keeps its values as they were written, and ends with a line end', async () => {
  expect(
    await transform('{ "amount": 12.10, "id": 12345678901234567890, "x": {"y": [1] } }'),
  ).toEqual({
    recordId: '1',
    result: 'Ok',
    data: '{"amount":12.10,"id":12345678901234567890,"x":{"y": [1] }}\n',
  });
});

test('fields are taken away', async () => {
  const { data } = await transform('{"ip":"::1","at":1,"ip":"again"}', { removeFields: ['ip'] });

  expect(data).toBe('{"at":1}\n');
});

test.each(['no JSON', '[1]', '"text"', 'null', ''])(
  '%j is given back as it came, as failed',
  async (text) => {
    expect(await transform(text)).toEqual({
      recordId: '1',
      result: 'ProcessingFailed',
      data: text,
    });
  },
);

test.each(['{}', '{"at":null}', '{"at":""}'])(
  '%s lacks a field that it must have',
  async (text) => {
    expect(await transform(text, { requiredFields: ['at'] })).toMatchObject({
      result: 'ProcessingFailed',
      data: text,
    });
  },
);

test('fields are the keys of a partition', async () => {
  const settings = { partitionFields: ['customer', 'year'] };

  expect(await transform('{"customer":"c1","year":2035}', settings)).toMatchObject({
    metadata: { partitionKeys: { customer: 'c1', year: '2035' } },
  });
  expect((await transform('{"customer":"c1"}', settings)).result).toBe('ProcessingFailed');
});
