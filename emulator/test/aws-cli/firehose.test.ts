import { ServerProcess } from '../cli/server-process';
import { AwsCli } from './aws-cli';

/** Each call of the CLI starts a Python process. */
const longEnough = 120_000;

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start('--clock', 'manual');
}, longEnough);

afterAll(() => server.stop());

/** What the answers of the operations that are called here have. */
interface Answer {
  readonly DeliveryStreamARN: string;
  readonly DeliveryStreamDescription: { readonly DeliveryStreamStatus: string };
  readonly DeliveryStreamNames: readonly string[];
  readonly FailedPutCount: number;
  readonly Contents: readonly { readonly Key: string; readonly Size: number }[];
}

const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'firehose.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ],
};
const rights = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
};

async function advance(seconds: number): Promise<void> {
  const answer = await fetch(`${server.endpoint}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance: seconds * 1000 }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

test(
  'the AWS CLI makes a delivery stream, puts records, finds the object, and deletes it all',
  async () => {
    const cli =
      (service: string) => (operation: string, options?: Readonly<Record<string, unknown>>) =>
        new AwsCli<Answer>(server.endpoint, service).run(operation, options);
    const firehose = cli('firehose');
    const name = { 'delivery-stream-name': 'clicks' };
    await cli('iam')('create-role', {
      'role-name': 'delivery',
      'assume-role-policy-document': trust,
    });
    await cli('iam')('put-role-policy', {
      'role-name': 'delivery',
      'policy-name': 'rights',
      'policy-document': rights,
    });
    await cli('s3api')('create-bucket', {
      bucket: 'clicks',
      'create-bucket-configuration': { LocationConstraint: 'eu-west-1' },
    });
    const { DeliveryStreamARN } = await firehose('create-delivery-stream', {
      ...name,
      'extended-s3-destination-configuration': {
        RoleARN: 'arn:aws:iam::111122223333:role/delivery',
        BucketARN: 'arn:aws:s3:::clicks',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      },
    });
    expect(DeliveryStreamARN).toBe('arn:aws:firehose:eu-west-1:111122223333:deliverystream/clicks');
    await advance(10);
    const { DeliveryStreamDescription } = await firehose('describe-delivery-stream', name);
    expect(DeliveryStreamDescription?.DeliveryStreamStatus).toBe('ACTIVE');
    const put = await firehose('put-record-batch', {
      ...name,
      records: [{ Data: 'b25l' }, { Data: 'dHdv' }],
    });
    expect(put.FailedPutCount).toBe(0);
    await advance(60);
    const { Contents } = await cli('s3api')('list-objects-v2', { bucket: 'clicks' });
    // Version 1 takes blobs as they are, version 2 as base64.
    expect([6, 8]).toContain(Contents?.[0]?.Size);
    expect(Contents?.map(({ Key }) => Key)).toEqual([
      expect.stringMatching(/\/clicks-1-2035-01-01-00-00-10-/),
    ]);
    await firehose('delete-delivery-stream', name);
    await advance(10);
    const { DeliveryStreamNames } = await firehose('list-delivery-streams');
    expect(DeliveryStreamNames).toEqual([]);
  },
  longEnough,
);
