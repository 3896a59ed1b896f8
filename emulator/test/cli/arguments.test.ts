import { parseCliArguments, UsageError, version } from '../../src/cli/arguments';

describe('the command line of the emulator', () => {
  test('has defaults for everything', () => {
    expect(parseCliArguments([])).toMatchObject({
      kind: 'start',
      options: { port: 4566, clock: 'system', seed: 1, printFunctionLogs: false },
    });
  });

  test.each([
    ['system', 'system'],
    ['manual', 'manual'],
    ['x60', { rate: 60 }],
    ['x0.5', { rate: 0.5 }],
  ])('takes the clock %s', (text, clock) => {
    expect(parseCliArguments(['--clock', text])).toMatchObject({ options: { clock } });
  });

  test.each([
    [[], undefined],
    [['--allow-recorded'], ['*']],
    [
      ['--allow-recorded=AWS::Glue::*,AWS::GameLift::Build'],
      ['AWS::Glue::*', 'AWS::GameLift::Build'],
    ],
  ])('with %j allows to be recorded: %j', (args, allowRecorded) => {
    expect(parseCliArguments(args)).toMatchObject({ kind: 'start', options: { allowRecorded } });
  });

  test('takes where deliveries of Firehose go, more than once', () => {
    const endpoints = ['*=capture', 'https://a.example.com/?x=1=http://127.0.0.1:8080'];
    const args = endpoints.flatMap((endpoint) => ['--firehose-endpoint', endpoint]);
    expect(parseCliArguments(args)).toMatchObject({
      options: {
        firehoseEndpoints: {
          '*': 'capture',
          'https://a.example.com/?x=1': 'http://127.0.0.1:8080',
        },
      },
    });
  });

  test.each([
    [['--allow-recorded=Queue'], /allowRecorded takes names of resource types.*got Queue/],
    [['--clock', 'fast'], /--clock takes system, manual or xN such as x60, got fast/],
    [['--clock', 'x0'], /got x0/],
    [['--port', 'http'], /--port takes a whole number from 0 to 65535, got http/],
    [['--port', '70000'], /--port/],
    [['--seed', '1.5'], /--seed/],
    [['--firehose-endpoint', 'a.example.com'], /--firehose-endpoint takes ADDRESS=capture/],
    [['--firehose-endpoint', 'a.example.com=https://b.example.com'], /got a\.example\.com=https/],
    [['--secure-transport', 'none'], /--secure-transport takes loopback or tls/],
    [['--region', 'Ireland'], /--region takes a region such as eu-west-1, got Ireland/],
    [['--prot', '1'], /Unknown option '--prot'; --help lists the options/],
    [['deploy'], /deploy/],
  ])('fails on %j with one line', (args, message) => {
    expect(() => parseCliArguments(args)).toThrow(UsageError);
    expect(() => parseCliArguments(args)).toThrow(message);
  });

  test('knows its version', () => {
    expect(version()).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
