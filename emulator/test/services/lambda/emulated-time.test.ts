import { createServer, type Server, type Socket } from 'node:net';
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
