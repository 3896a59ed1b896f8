import { execFileSync } from 'node:child_process';
import { parseCliArguments, UsageError } from '../../src/cli/arguments';
import { emulatorVariables, exportLines, meantForAws, withoutAws } from '../../src/cli/environment';

const variables = emulatorVariables('http://127.0.0.1:4567', 'eu-west-1');

describe('the environment of a command beside the emulator', () => {
  test('is evaluated by a shell', () => {
    const printed = execFileSync('sh', [
      '-c',
      `${exportLines(variables)}\necho $AWS_ENDPOINT_URL $AWS_REGION`,
    ]);
    expect(printed.toString()).toBe('http://127.0.0.1:4567 eu-west-1\n');
  });

  test('has nothing of the caller\u2019s that concerns AWS', () => {
    const environment = withoutAws(
      {
        PATH: '/bin',
        AWS_SESSION_TOKEN: 'real',
        AWS_ACCESS_KEY_ID: 'AKIAREAL',
        AWS_PROFILE: 'prod',
      },
      variables,
    );
    expect(environment.PATH).toBe('/bin');
    expect(environment.AWS_ACCESS_KEY_ID).toBe('000000000000');
    expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
    expect(environment).not.toHaveProperty('AWS_PROFILE');
  });

  test.each([
    [{ AWS_PROFILE: 'prod' }, [], /AWS_PROFILE is set to prod/],
    [{ AWS_DEFAULT_PROFILE: 'prod' }, [], /AWS_DEFAULT_PROFILE/],
    [{ AWS_ENDPOINT_URL: 'https://sqs.eu-west-1.amazonaws.com' }, [], /not on this machine/],
    [{ AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com' }, [], /AWS_ENDPOINT_URL_S3/],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1.example.com' }, [], /not on this machine/],
    [{}, ['deploy', '--profile', 'prod'], /--profile/],
    [{}, ['deploy', '--profile=prod'], /--profile/],
  ])('is refused with %j and %j', (own, args, reason) => {
    expect(meantForAws(own, args)).toMatch(reason);
  });

  test.each(['http://127.0.0.1:4566', 'http://localhost:4566', 'http://[::1]:4566'])(
    'may name %s itself',
    (endpoint) => {
      expect(meantForAws({ AWS_ENDPOINT_URL: endpoint }, ['deploy'])).toBeUndefined();
    },
  );
});

describe('the commands env and cdk', () => {
  test('are told the port and the region', () => {
    expect(parseCliArguments(['--port', '4567', '--region', 'eu-west-1', 'env'])).toEqual({
      kind: 'env',
      endpoint: 'http://127.0.0.1:4567',
      region: 'eu-west-1',
    });
  });

  test('pass on everything that follows cdk', () => {
    expect(parseCliArguments(['cdk', 'deploy', '--help', '--port', 'x'])).toMatchObject({
      kind: 'cdk',
      endpoint: 'http://127.0.0.1:4566',
      args: ['deploy', '--help', '--port', 'x'],
    });
  });

  test.each([[['deploy']], [['env', 'more']]])('fail as %j', (args) => {
    expect(() => parseCliArguments(args)).toThrow(UsageError);
  });
});
