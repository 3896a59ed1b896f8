import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../cli/server-process';
import { AwsCli } from './aws-cli';

/** Each call of the CLI starts a Python process. */
const longEnough = 120_000;

let server: ServerProcess;
let directory: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  directory = mkdtempSync(join(tmpdir(), 'aws-cli-s3-'));
}, longEnough);

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

/** What the answers of the operations that are called here have. */
interface Answer {
  readonly QueueUrl: string;
  readonly Messages: readonly { readonly Body: string; readonly ReceiptHandle: string }[];
  readonly QueueConfigurations: readonly object[];
  readonly Grants: readonly { readonly Permission: string }[];
}

const bucket = 'orders';
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:told';

test(
  'the AWS CLI syncs a directory, and a queue is told of each file',
  async () => {
    const call = (service: string) => new AwsCli<Answer>(server.endpoint, service);
    const [s3api, sqs] = [call('s3api'), call('sqs')];
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
      },
    });
    const { QueueUrl } = await sqs.run('create-queue', {
      'queue-name': 'told',
      attributes: { Policy: policy },
    });
    await s3api.run('create-bucket', {
      bucket,
      'create-bucket-configuration': { LocationConstraint: 'eu-west-1' },
    });
    const notifications = {
      QueueConfigurations: [
        {
          QueueArn: queueArn,
          Events: ['s3:ObjectCreated:*'],
          Filter: { Key: { FilterRules: [{ Name: 'suffix', Value: '.csv' }] } },
        },
      ],
    };
    await s3api.run('put-bucket-notification-configuration', {
      bucket,
      'notification-configuration': notifications,
    });
    const found = await s3api.run('get-bucket-notification-configuration', { bucket });
    expect(found.QueueConfigurations).toHaveLength(1);

    for (const name of ['a.csv', 'b.csv', 'c.txt']) writeFileSync(join(directory, name), name);
    await call('s3').sync(directory, `s3://${bucket}/in`);
    const told: string[] = [];
    while (told.length < 3) {
      const { Messages = [] } = await sqs.run('receive-message', {
        'queue-url': QueueUrl,
        'max-number-of-messages': 10,
        'wait-time-seconds': 5,
      });
      for (const { Body } of Messages) {
        const { Records: [record] = [] }: { Records?: { s3: { object: { key: string } } }[] } =
          JSON.parse(Body);
        told.push(record?.s3.object.key ?? 'test');
      }
    }
    expect(told.sort()).toEqual(['in/a.csv', 'in/b.csv', 'test']);

    const acl = await s3api.run('get-object-acl', { bucket, key: 'in/a.csv' });
    expect(acl.Grants?.map(({ Permission }) => Permission)).toEqual(['FULL_CONTROL']);
    await expect(s3api.run('get-bucket-website', { bucket })).rejects.toThrow(
      'An error occurred (NoSuchWebsiteConfiguration) when calling the GetBucketWebsite operation',
    );

    const copy = join(directory, 'copy');
    await call('s3').sync(`s3://${bucket}/in`, copy);
    expect(readdirSync(copy).sort()).toEqual(['a.csv', 'b.csv', 'c.txt']);
    expect(readFileSync(join(copy, 'a.csv'), 'utf8')).toBe('a.csv');
  },
  longEnough,
);
