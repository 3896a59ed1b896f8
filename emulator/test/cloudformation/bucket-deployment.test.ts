import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { App, CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Bucket, type BucketProps, type IBucket } from 'aws-cdk-lib/aws-s3';
import {
  BucketDeployment,
  type BucketDeploymentProps,
  CacheControl,
  DeployTimeSubstitutedFile,
  type ISource,
  Source,
  StorageClass,
} from 'aws-cdk-lib/aws-s3-deployment';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';

let aws: Emulator<ManualClock>;
let s3: S3;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  s3 = aws.client(S3);
});

afterEach(async () => {
  await aws.stop();
  for (const path of directories.splice(0)) rmSync(path, { recursive: true });
});

const directories: string[] = [];

/** A directory with files, as a source. */
function directory(files: Readonly<Record<string, string>>): ISource {
  const path = mkdtempSync(join(tmpdir(), 'site-'));
  directories.push(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return Source.asset(path);
}

type Options = Partial<Omit<BucketDeploymentProps, 'destinationBucket'>>;

/** A stack with a bucket and what is deployed to it. */
function site(
  files: Readonly<Record<string, string>> | readonly ISource[],
  options: Options = {},
  bucketProps: BucketProps = { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY },
) {
  const stack = new Stack(new App(), 'Site');
  const bucket = new Bucket(stack, 'Bucket', { bucketName: 'site', ...bucketProps });
  const deployment = new BucketDeployment(stack, 'Deploy', {
    sources: Array.isArray(files)
      ? [...files]
      : Object.entries(files).map(([name, text]) => Source.data(name, text)),
    destinationBucket: bucket,
    ...options,
  });
  return { stack, bucket, deployment };
}

/** But for log groups that Lambda has made, as on AWS. */
function leaks(): string[] {
  return aws.leaks().filter((leak) => !leak.includes('/aws/lambda/'));
}

async function keys(bucket = 'site'): Promise<string[]> {
  const { Contents: objects = [] } = await s3.listObjectsV2({ Bucket: bucket });
  return objects.map(({ Key: key = '' }) => key);
}

async function text(key: string): Promise<string | undefined> {
  return (await s3.getObject({ Bucket: 'site', Key: key })).Body?.transformToString();
}

test('files are deployed, with the content types that the AWS CLI guesses', async () => {
  const { stack } = site({
    'index.html': '<html>',
    'js/app.js': 'app()',
    'fonts/a.woff2': 'font',
    'data.tar.gz': 'packed',
    'pic.webp': 'webp',
    '.htaccess': 'none',
  });
  await aws.deploy(stack);
  const types = await Promise.all(
    (await keys()).map(async (key) => {
      const { ContentType: type } = await s3.headObject({ Bucket: 'site', Key: key });
      return [key, type];
    }),
  );
  expect(types).toEqual([
    ['.htaccess', 'binary/octet-stream'],
    ['data.tar.gz', 'application/x-tar'],
    ['fonts/a.woff2', 'binary/octet-stream'],
    ['index.html', 'text/html'],
    ['js/app.js', 'text/javascript'],
    ['pic.webp', 'image/webp'],
  ]);
  expect(await text('js/app.js')).toBe('app()');
  await aws.destroy(stack);
  expect(leaks()).toEqual([]);
});

test('an asset directory is deployed, empty files included', async () => {
  const { stack } = site([directory({ 'index.html': 'from a directory', empty: '' })]);
  await aws.deploy(stack);
  expect(await text('index.html')).toBe('from a directory');
  expect(await text('empty')).toBe('');
});

test('the functions and the layer behind it are recorded, shown so, and cannot be invoked', async () => {
  const { stack } = site({ a: '1' });
  const deployed = await aws.deploy(stack);
  expect(deployed.summary()).toMatch(/recorded \(.*AWS::Lambda 2/);
  expect(String(deployed)).toMatch(/emulated: .*Custom::CDKBucketDeployment/);
  expect(String(deployed)).toMatch(/recorded: .*AWS::Lambda::Function, AWS::Lambda::LayerVersion/);
  const functionName = deployed.physicalId(
    'CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C81C01536',
  );
  const invocation = aws
    .client(LambdaClient)
    .send(new InvokeCommand({ FunctionName: functionName }));
  await expect(invocation).rejects.toThrow(
    `the function ${functionName} (python3.13): it is only recorded`,
  );
});

describe('values that only the deployment knows', () => {
  test('are put into files, into JSON and into YAML', async () => {
    const stack = new Stack(new App(), 'Site');
    const destinationBucket = new Bucket(stack, 'Bucket', { bucketName: 'site' });
    const { queueName } = new Queue(stack, 'Queue', { queueName: 'orders' });
    const quoted = Fn.join('', ['a "', queueName, '"\u00e4']);
    new BucketDeployment(stack, 'Deploy', {
      sources: [
        Source.data('plain.txt', `queue=${quoted}\nagain=${queueName}`),
        Source.jsonData('escaped.json', { queue: quoted, count: 3 }, { escape: true }),
        Source.yamlData('config.yaml', { queue: queueName, text: quoted }),
      ],
      destinationBucket,
    });
    await aws.deploy(stack);
    expect(await text('plain.txt')).toBe('queue=a "orders"\u00e4\nagain=orders');
    expect(await text('escaped.json')).toBe('{"queue":"a \\"orders\\"\\u00e4","count":3}');
    expect(await text('config.yaml')).toBe('queue: orders\ntext: "a \\"orders\\"\\u00e4"\n');
  });

  test('are substituted in a file of one’s own', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'site-'));
    const source = join(directory, 'page.html');
    writeFileSync(source, '<p>{{ name }} {{ other }}</p>');
    const stack = new Stack(new App(), 'Site');
    const destinationBucket = new Bucket(stack, 'Bucket', { bucketName: 'site' });
    const { queueName } = new Queue(stack, 'Queue', { queueName: 'orders' });
    const file = new DeployTimeSubstitutedFile(stack, 'File', {
      source,
      destinationBucket,
      destinationKey: 'page.html',
      substitutions: { name: queueName },
    });
    new CfnOutput(stack, 'Url', { value: file.bucket.s3UrlForObject(file.objectKey) });
    const deployed = await aws.deploy(stack);
    expect(await text('page.html')).toBe('<p>orders {{ other }}</p>');
    expect(deployed.output('Url')).toBe('s3://site/page.html');
    rmSync(directory, { recursive: true });
  });
});

test('all objects have the metadata that is asked for', async () => {
  const { stack } = site(
    { 'index.html': 'x', 'img.png': 'y' },
    {
      destinationKeyPrefix: 'v1',
      metadata: { Team: 'web' },
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.hours(1))],
      contentLanguage: 'en',
      contentEncoding: 'identity',
      contentType: 'text/plain',
      contentDisposition: 'inline',
      storageClass: StorageClass.STANDARD_IA,
    },
  );
  await aws.deploy(stack);
  for (const key of ['v1/index.html', 'v1/img.png']) {
    expect(await s3.headObject({ Bucket: 'site', Key: key })).toMatchObject({
      Metadata: { team: 'web' },
      CacheControl: 'public, max-age=3600',
      ContentLanguage: 'en',
      ContentEncoding: 'identity',
      ContentType: 'text/plain',
      ContentDisposition: 'inline',
      StorageClass: 'STANDARD_IA',
    });
  }
});

describe('what is in the bucket and not among the files', () => {
  const others = async () => {
    await s3.putObject({ Bucket: 'site', Key: 'web/upload.jpg', Body: '1' });
    await s3.putObject({ Bucket: 'site', Key: 'web/logs/1.txt', Body: '2' });
    await s3.putObject({ Bucket: 'site', Key: 'elsewhere', Body: '3' });
    await s3.putObject({ Bucket: 'site', Key: 'web/folder/', Body: Buffer.alloc(0) });
  };
  test.each<[string, Options, string[]]>([
    ['is pruned below the prefix', {}, ['elsewhere', 'web/b', 'web/folder/']],
    [
      'stays without prune',
      { prune: false },
      ['elsewhere', 'web/a', 'web/b', 'web/folder/', 'web/logs/1.txt', 'web/upload.jpg'],
    ],
    [
      'stays where it is excluded, and is pruned where it is included again',
      { exclude: ['*'], include: ['b', 'logs/?.[t!]xt'] },
      ['elsewhere', 'web/a', 'web/b', 'web/folder/', 'web/upload.jpg'],
    ],
    [
      'is never excluded by a pattern of the whole key',
      { exclude: ['web/*'] },
      ['elsewhere', 'web/b', 'web/folder/'],
    ],
  ])('%s', async (_name, options, expected) => {
    const destinationKeyPrefix = 'web';
    await aws.deploy(site({ a: '1' }, { destinationKeyPrefix }).stack);
    await others();
    await aws.deploy(site({ b: '2' }, { ...options, destinationKeyPrefix }).stack);
    expect(await keys()).toEqual(expected);
  });
});

test('without extraction the zip files themselves are copied, and their keys and versions can be read', async () => {
  const make = (name: string) => {
    const { stack, deployment } = site(
      [directory({ [name]: 'text' })],
      { extract: false, destinationKeyPrefix: 'zips' },
      { versioned: true },
    );
    new CfnOutput(stack, 'Key', { value: Fn.select(0, deployment.objectKeys) });
    new CfnOutput(stack, 'Version', { value: Fn.select(0, deployment.objectVersionIds) });
    new CfnOutput(stack, 'Arn', { value: deployment.deployedBucket.bucketArn });
    return stack;
  };
  const first = await aws.deploy(make('a.txt'));
  const key = first.output('Key');
  const VersionId = first.output('Version');
  expect(key).toMatch(/^[0-9a-f]{64}\.zip$/);
  expect(first.output('Arn')).toBe('arn:aws:s3:::site');
  const object = await s3.getObject({ Bucket: 'site', Key: `zips/${key}` });
  expect(object).toMatchObject({ ContentType: 'application/zip', VersionId });
  const second = await aws.deploy(make('b.txt'));
  expect(second.output('Version')).not.toBe(VersionId);
  // Pruned, in a bucket that keeps versions.
  expect(await keys()).toEqual([`zips/${second.output('Key')}`]);
  const { DeleteMarkers: markers } = await s3.listObjectVersions({ Bucket: 'site' });
  expect(markers).toMatchObject([{ Key: `zips/${key}` }]);
});

test('a file of 8 MiB and more is uploaded in parts, as the AWS CLI does', async () => {
  const { stack } = site({ big: 'x'.repeat(8 * 1024 * 1024) });
  await aws.deploy(stack);
  const { ContentLength: size, ETag: tag } = await s3.headObject({ Bucket: 'site', Key: 'big' });
  expect(size).toBe(8 * 1024 * 1024);
  expect(tag).toMatch(/-1"$/);
});

describe('what was deployed', () => {
  const keep: BucketProps = { removalPolicy: RemovalPolicy.RETAIN };
  /** The bucket alone, as it is once the deployment has gone from the stack. */
  const bare = () => {
    const stack = new Stack(new App(), 'Site');
    new Bucket(stack, 'Bucket', { bucketName: 'site', ...keep });
    return stack;
  };

  test.each<[string, Options, string[]]>([
    ['stays when the deployment goes', {}, ['a']],
    ['goes with the deployment if it is not retained', { retainOnDelete: false }, []],
  ])('%s', async (_name, options, expected) => {
    await aws.deploy(site({ a: '1' }, options, keep).stack);
    await aws.deploy(bare());
    expect(await keys()).toEqual(expected);
  });

  test('stays with a bucket that is retained: it is still tagged for the deployment', async () => {
    const { stack } = site({ a: '1' }, { retainOnDelete: false }, keep);
    await aws.deploy(stack);
    await aws.destroy(stack);
    expect(await keys()).toEqual(['a']);
  });

  test.each<[string, Options, string[]]>([
    ['stays where it was', {}, ['new/a', 'old/a']],
    ['goes from where it was if it is not retained', { retainOnDelete: false }, ['new/a']],
  ])('%s when the destination moves', async (_name, options, expected) => {
    await aws.deploy(site({ a: '1' }, { ...options, destinationKeyPrefix: 'old' }).stack);
    await aws.deploy(site({ a: '1' }, { ...options, destinationKeyPrefix: 'new' }).stack);
    expect(await keys()).toEqual(expected);
  });
});

/** A deployment to a bucket of another stack. */
function elsewhere(bucketName: string, options: Options = {}) {
  const stack = new Stack(new App(), 'Site');
  const destinationBucket: IBucket = Bucket.fromBucketName(stack, 'Bucket', bucketName);
  new BucketDeployment(stack, 'Deploy', {
    sources: [Source.data('a', '1')],
    destinationBucket,
    ...options,
  });
  return stack;
}

test('fails as the handler does, naming the command, and why', async () => {
  const stack = elsewhere('nowhere', { prune: false });
  await expect(aws.deploy(stack)).rejects.toThrow(
    /\(Custom::CDKBucketDeployment\): .*Command '\['\/opt\/awscli\/aws', 's3', 'sync', '\/tmp\/tmp\w+\/contents', 's3:\/\/nowhere\/'\]' returned non-zero exit status 1\..*NoSuchBucket.*The specified bucket does not exist/,
  );
  await aws.destroy(stack);
  expect(leaks()).toEqual([]);
});

test('refuses by name what it cannot do', async () => {
  const stack = elsewhere('site', { websiteRedirectLocation: '/other' });
  const distribution = Distribution.fromDistributionAttributes(stack, 'Distribution', {
    distributionId: 'E123',
    domainName: 'example.com',
  });
  new BucketDeployment(stack, 'Cached', {
    sources: [Source.data('a', '1')],
    destinationBucket: Bucket.fromBucketName(stack, 'Other', 'other'),
    distribution,
  });
  const deployment = aws.deploy(stack);
  await expect(deployment).rejects.toThrow(
    'Custom::CDKBucketDeployment does not support website-redirect of SystemMetadata',
  );
  await expect(deployment).rejects.toThrow(
    'Custom::CDKBucketDeployment does not support DistributionId ("E123")',
  );
});
