import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { Connection, type SqlClient } from '../../../lib/write-buffer/handler/postgres/connection';
import { type Login, LoginSecret } from '../../../lib/write-buffer/handler/postgres/login';
import { databaseError } from './fixtures';

const secretsManager = mockClient(SecretsManagerClient);

beforeEach(() => {
  secretsManager.reset();
  setPassword('first');
});

function setPassword(password: string): void {
  secretsManager.on(GetSecretValueCommand).resolves({
    SecretString: JSON.stringify({ username: 'writer', password, dbname: 'shop', port: 5432 }),
  });
}

function secret(): LoginSecret {
  return new LoginSecret(new SecretsManagerClient({}), 'arn');
}

class FakeClient implements SqlClient {
  public broken = false;
  public closed = false;
  public query = async () => ({ rowCount: 0 });
  public close = () => {
    this.closed = true;
  };
}

test('the login is fetched once', async () => {
  const logins: Login[] = [];
  const connection = new Connection(async (login) => {
    logins.push(login);
    return new FakeClient();
  }, secret());

  await connection.get();
  connection.discard();
  await connection.get();

  expect(logins).toHaveLength(2);
  expect(logins[0]).toEqual({ username: 'writer', password: 'first', database: 'shop' });
  expect(secretsManager.commandCalls(GetSecretValueCommand)).toHaveLength(1);
});

test('the connection is kept until it is broken or discarded', async () => {
  const clients: FakeClient[] = [];
  const connection = new Connection(async () => {
    const client = new FakeClient();
    clients.push(client);
    return client;
  }, secret());

  expect(await connection.get()).toEqual({ client: clients[0], reused: false });
  expect(await connection.get()).toEqual({ client: clients[0], reused: true });
  if (clients[0] !== undefined) {
    clients[0].broken = true;
  }
  expect(await connection.get()).toEqual({ client: clients[1], reused: false });
  expect(clients.map(({ closed }) => closed)).toEqual([true, false]);
});

test.each(['28P01', '28000'])('a login refused with %s is fetched again, once', async (code) => {
  const passwords: string[] = [];
  const connection = new Connection(async ({ password }) => {
    passwords.push(password);
    setPassword('rotated');
    if (password === 'first') {
      throw databaseError(code);
    }
    return new FakeClient();
  }, secret());

  await connection.get();

  expect(passwords).toEqual(['first', 'rotated']);
});

test('a login refused twice is an error, and so is a database that is not there', async () => {
  const refused = new Connection(async () => Promise.reject(databaseError('28P01')), secret());
  const absent = new Connection(async () => Promise.reject(new Error('ECONNREFUSED')), secret());

  await expect(refused.get()).rejects.toThrow('refused');
  await expect(absent.get()).rejects.toThrow('ECONNREFUSED');
});

test('a failed fetch of the secret is not remembered', async () => {
  const login = secret();
  secretsManager
    .on(GetSecretValueCommand)
    .rejectsOnce(new Error('throttled'))
    .resolves({ SecretString: '{"username":"writer","password":"first"}' });

  await expect(login.get()).rejects.toThrow('throttled');
  await expect(login.get()).resolves.toMatchObject({ username: 'writer' });
});

test.each(['{}', 'null', '{"username":"writer","password":1}'])(
  'fails when the secret holds no login: %s',
  async (SecretString) => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString });

    await expect(secret().get()).rejects.toThrow('the secret has no username or no password');
  },
);

test('fails when the secret is not JSON, without quoting it', async () => {
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'hunter2' });

  await expect(secret().get()).rejects.toThrow(/^the secret is not JSON$/);
});
