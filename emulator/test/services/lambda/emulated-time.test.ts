import { createServer, type Server, type Socket } from 'node:net';
import { SteppedClock } from '../../../src/clock/manual-clock';
import { LambdaHarness } from './harness';

const second = 1000;
let aws: LambdaHarness;

beforeEach(() => {
  aws = LambdaHarness.manual();
});
afterEach(() => aws.stop());

test('a function that waits for two seconds is done when two seconds have been advanced', async () => {
  await aws.createFunction(
    'sleeper',
    `exports.handler = async () => {
      const start = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return Date.now() - start;
    };`,
  );
  const invocation = aws.invoke('sleeper');
  let done = false;
  void invocation.then(() => {
    done = true;
  });
  await aws.clock.advance(1999);
  expect(done).toBe(false);
  await aws.clock.advance(1);
  expect(await invocation).toEqual({ result: 2000 });
});

test('time stands still while a function waits for a database', async () => {
  const database = await FakePostgres.start();
  await aws.createFunction(
    'writer',
    `const { Client } = require(${JSON.stringify(require.resolve('pg'))});
    exports.handler = async ({ port }) => {
      const start = Date.now();
      const client = new Client({ host: '127.0.0.1', port, user: 'u', password: 'p', database: 'd', connectionTimeoutMillis: 1000 });
      await client.connect();
      await client.query('SELECT 1');
      await client.end();
      return Date.now() - start;
    };`,
  );
  const invocation = aws.invoke('writer', { port: database.port });
  let advanced = false;
  const advancing = aws.clock.advance(60 * second).then(() => {
    advanced = true;
  });
  await database.queried;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(advanced).toBe(false);
  database.answer();
  await advancing;
  expect(await invocation).toEqual({ result: 0 });
  await database.stop();
});

test('sees the time at which its call is answered', async () => {
  await aws.createFunction(
    'poller',
    `const { SQS } = require('@aws-sdk/client-sqs');
    exports.handler = async ({ QueueUrl }) => {
      const start = Date.now();
      await new SQS({}).receiveMessage({ QueueUrl, WaitTimeSeconds: 20 });
      return Date.now() - start;
    };`,
    { Timeout: 60 },
  );
  const queue = await aws.sqs.createQueue({ QueueName: 'empty' });
  const invocation = aws.invoke('poller', queue);
  await aws.clock.advance(30 * second);
  expect(await invocation).toEqual({ result: 20 * second });
});

test.each([
  [
    'setInterval',
    'let n = 0; await new Promise((r) => { const t = setInterval(() => { if (++n === 3) { clearInterval(t); r(); } }, 1000); });',
  ],
  ['node:timers', "await new Promise((r) => require('node:timers').setTimeout(r, 3000));"],
  ['node:timers/promises', "await require('node:timers/promises').setTimeout(3000);"],
  [
    'AbortSignal.timeout',
    "await new Promise((r) => AbortSignal.timeout(3000).addEventListener('abort', r));",
  ],
  ['util.promisify', "await require('util').promisify(setTimeout)(3000);"],
])('%s follows emulated time, and so do all clocks', async (_, wait) => {
  await aws.createFunction(
    'waiter',
    `exports.handler = async () => {
      const clocks = () => [Date.now(), performance.now(), process.hrtime()[0] * 1000, new Date().getTime()];
      const before = clocks();
      ${wait}
      return clocks().map((clock, i) => clock - before[i]);
    };`,
    { Timeout: 60 },
  );
  const invocation = aws.invoke('waiter');
  await aws.clock.advance(10 * second);
  expect(await invocation).toEqual({ result: [3000, 3000, 3000, 3000] });
});

test('is frozen between invocations: timers do not fire before the next one', async () => {
  await aws.createFunction(
    'frozen',
    `const fired = [];
    exports.handler = async () => { setTimeout(() => fired.push(Date.now()), 1000); return [Date.now(), fired]; };`,
  );
  const start = aws.clock.now();
  expect(await aws.invoke('frozen')).toEqual({ result: [start, []] });
  await aws.clock.advance(60 * second);
  const later = start + 60 * second;
  expect(await aws.invoke('frozen')).toEqual({ result: [later, [later]] });
});

test.each([
  ['files', "for (let i = 0; i < 20; i++) await require('fs').promises.readFile(__filename);"],
  [
    'key derivation',
    "for (let i = 0; i < 5; i++) await require('util').promisify(require('crypto').pbkdf2)('a', 'b', 3000, 64, 'sha512');",
  ],
  [
    'compression',
    "for (let i = 0; i < 5; i++) await require('util').promisify(require('zlib').gzip)(Buffer.alloc(100_000));",
  ],
  [
    'child processes',
    "await require('util').promisify(require('child_process').exec)('sleep 0.1');",
  ],
])('time stands still while a function is busy with %s', async (_, work) => {
  await aws.createFunction(
    'busy',
    `exports.handler = async () => { const start = Date.now(); ${work} return Date.now() - start; };`,
    { Timeout: 60 },
  );
  aws.clock.after(second, 'something to move on to', () => undefined);
  const invocation = aws.invoke('busy');
  await aws.clock.advance(10 * second);
  expect(await invocation).toEqual({ result: 0 });
});

test('a busy loop is named by the clock, which gives up', async () => {
  const impatient = new LambdaHarness(new SteppedClock({ watchdog: 300 }));
  await impatient.createFunction('loop', 'exports.handler = async () => { for (;;); };');
  void impatient.invoke('loop').catch(() => undefined);
  await expect(impatient.clock.advance(second)).rejects.toThrow(
    /actor: lambda\/000000000000\/us-east-1\/loop\/0001\/000001: running code/,
  );
  await impatient.stop();
});

/** Says as much of PostgreSQL's protocol as one query needs, and answers it when told. */
class FakePostgres {
  readonly queried: Promise<void>;
  private noteQuery: () => void = () => undefined;
  private waiting: Socket | undefined;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    this.queried = new Promise((resolve) => {
      this.noteQuery = resolve;
    });
    server.on('connection', (socket) => this.serve(socket));
  }

  static start(): Promise<FakePostgres> {
    const server = createServer();
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(new FakePostgres(server, typeof address === 'object' ? (address?.port ?? 0) : 0));
      });
    });
  }

  answer(): void {
    this.waiting?.write(Buffer.concat([message('C', 'SELECT 0\0'), message('Z', 'I')]));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    let started = false;
    socket.on('data', (chunk) => {
      if (!started) {
        started = true;
        socket.write(Buffer.concat([message('R', '\0\0\0\0'), message('Z', 'I')]));
      } else if (chunk.toString('latin1').startsWith('Q')) {
        this.waiting = socket;
        this.noteQuery();
      }
    });
  }
}

function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}
