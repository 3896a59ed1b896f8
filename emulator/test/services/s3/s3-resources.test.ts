import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { createKms } from '../../../src/services/kms';
import { createS3, type S3Service } from '../../../src/services/s3';
import { parseObjectUrl } from '../../../src/services/s3/object-url';
import { ProvidedResource, providerOf } from '../../support/resource-request';
import { serviceEnvironment } from '../../support/service-environment';

let scratch: string;
let s3: S3Service;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 's3-test-'));
  const env = serviceEnvironment(scratch);
  s3 = createS3(env, {
    keys: createKms(env),
    roleIds: () => undefined,
    destinations: {
      queues: { exists: () => false, send: () => undefined },
      topics: { exists: () => false, publish: () => '' },
      functions: { checkInvocable: () => undefined, invoke: () => '' },
      eventBridge: { publish: () => '' },
    },
  });
});

afterEach(() => rmSync(scratch, { recursive: true }));

type Properties = Parameters<typeof ProvidedResource.create>[2]['properties'];
const create = (type: string, properties: Properties) =>
  ProvidedResource.create(s3.resourceProviders, type, { properties });

describe('AWS::S3::Bucket', () => {
  test('comes with its attributes and goes with its stack', async () => {
    const bucket = await create('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
      },
      Tags: [{ Key: 'team', Value: 'orders' }],
    });
    const name = 'shop-thing-abcdef123456';
    expect(bucket.state.physicalId).toBe(name);
    expect(bucket.state.attributes).toMatchObject({
      Arn: `arn:aws:s3:::${name}`,
      RegionalDomainName: `${name}.s3.us-east-1.amazonaws.com`,
    });
    const policy = await create('AWS::S3::BucketPolicy', {
      Bucket: name,
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: `arn:aws:s3:::${name}/*`,
          },
        ],
      },
    });
    expect(s3.bucketPolicy(name)).toContain('Deny');
    await policy.delete();
    expect(s3.bucketPolicy(name)).toBeUndefined();
    await bucket.delete();
    expect(s3.leaks()).toEqual([]);
  });

  test.each([
    ['WebsiteConfiguration', { WebsiteConfiguration: {} }],
    ['AccessControl', { AccessControl: 'PublicRead' }],
    ['TargetObjectKeyFormat', { LoggingConfiguration: { TargetObjectKeyFormat: {} } }],
  ])('is refused with %s', (name, properties) => {
    const { unsupported } = providerOf(s3.resourceProviders, 'AWS::S3::Bucket');
    expect(unsupported?.(properties)).toEqual([expect.stringContaining(name)]);
  });
});

describe('assets', () => {
  const place = { bucket: 'assets', account: '000000000000', region: 'us-east-1' };
  let directory: string;

  beforeEach(() => {
    directory = join(scratch, 'handler');
    mkdirSync(join(directory, 'lib'), { recursive: true });
    writeFileSync(join(directory, 'index.js'), 'exports.handler = 1;');
    writeFileSync(join(directory, 'lib', 'a.txt'), 'a');
  });

  test('that are directories stay where they are', async () => {
    s3.putAsset({ ...place, key: 'a.zip', path: directory, packaging: 'zip' });
    expect(await s3.assetDirectory('assets', 'a.zip')).toBe(directory);
    expect(s3.leaks()).toEqual([]);
  });

  test('are zipped for whoever reads them, the same each time', () => {
    s3.putAsset({ ...place, key: 'a.zip', path: directory, packaging: 'zip' });
    s3.putAsset({ ...place, key: 'b.zip', path: directory, packaging: 'zip' });
    const bytes = s3.readObject('assets', 'a.zip');
    expect(Object.keys(unzipSync(bytes))).toEqual(['index.js', 'lib/a.txt']);
    expect(s3.readObject('assets', 'b.zip')).toEqual(bytes);
  });

  test('that are zip files already are unzipped once', async () => {
    const file = join(scratch, 'code.zip');
    writeFileSync(file, zipSync({ 'x/index.js': Buffer.from('code') }));
    s3.putAsset({ ...place, key: 'code.zip', path: file, packaging: 'file' });
    const [first, second] = await Promise.all([
      s3.assetDirectory('assets', 'code.zip'),
      s3.assetDirectory('assets', 'code.zip'),
    ]);
    expect(second).toBe(first);
    expect(readFileSync(join(first, 'x', 'index.js'), 'utf8')).toBe('code');
  });

  test('do not unzip to where they do not belong', async () => {
    const file = join(scratch, 'evil.zip');
    writeFileSync(file, zipSync({ '../../../evil.txt': Buffer.from('evil') }));
    s3.putAsset({ ...place, key: 'evil.zip', path: file, packaging: 'file' });
    await expect(s3.assetDirectory('assets', 'evil.zip')).rejects.toThrow('Could not unzip');
    expect(existsSync(join(scratch, 'evil.txt'))).toBe(false);
  });

  test('are read as templates by their URL', () => {
    const path = join(scratch, 'stack.json');
    writeFileSync(path, '{}');
    s3.putAsset({ ...place, key: 'stack.json', path, packaging: 'file' });
    const url = 'https://s3.us-east-1.amazonaws.com/assets/stack.json';
    expect(Buffer.from(s3.readTemplateUrl(url)).toString()).toBe('{}');
    expect(() => s3.readTemplateUrl('https://example.com/assets/stack.json')).toThrow(
      'TemplateURL must be a supported URL.',
    );
    expect(() => s3.readTemplateUrl(`${url}.none`)).toThrow(
      'S3 error: The specified key does not exist.',
    );
  });
});

test.each([
  ['https://s3.eu-west-1.amazonaws.com/b/k/x.json'],
  ['https://b.s3.eu-west-1.amazonaws.com/k/x.json'],
  ['https://b.s3.amazonaws.com/k/x.json'],
  ['https://s3.amazonaws.com/b/k/x.json'],
  ['http://127.0.0.1:4566/b/k/x.json'],
  ['s3://b/k/x.json'],
])('%s names an object', (url) => {
  expect(parseObjectUrl(url)).toEqual({ bucket: 'b', key: 'k/x.json' });
});
