import { memoryOfClass } from '../../../src/services/rds/instance-class';
import { evaluateFormula } from '../../../src/services/rds/parameter-formula';
import { serverSettings } from '../../../src/services/rds/parameters';

const gibibyte = 1024 ** 3;

test.each([
  ['db.t4g.micro', 1],
  ['db.t3.medium', 4],
  ['db.m6gd.large', 8],
  ['db.r6g.large', 16],
  ['db.r5.xlarge', 32],
  ['db.r7g.16xlarge', 512],
])('%s has %d GiB', (instanceClass, memory) => {
  expect(memoryOfClass(instanceClass)).toBe(memory * gibibyte);
});

test.each(['db.t3', 'db.q1.large', 'm5.large', 'db.t3.giant'])('fails for the class %s', (name) => {
  expect(() => memoryOfClass(name)).toThrow(`Invalid DB Instance class: ${name}`);
});

test.each([
  ['20', 20],
  ['{DBInstanceClassMemory/9531392}', 450],
  ['LEAST({DBInstanceClassMemory/9531392},5000)', 450],
  ['LEAST({DBInstanceClassMemory/9531392}, 100)', 100],
  ['GREATEST(100,SUM({DBInstanceClassMemory*2/9531392},1))', 902],
])('%s is %d with 4 GiB', (formula, value) => {
  expect(evaluateFormula(formula, 4 * gibibyte)).toBe(value);
});

test.each(['', 'many', 'LEAST(1', 'LEAST(1,2) 3', '1/0x', '{DBInstanceClassMemory', '-5'])(
  'fails for the formula "%s"',
  (formula) => {
    expect(() => evaluateFormula(formula, gibibyte)).toThrow('Invalid parameter value');
  },
);

describe('settings of a server', () => {
  const source = { engine: 'postgres', memory: 16 * gibibyte, parameters: {} };
  const serverless = (minCapacity: number, maxCapacity: number) =>
    serverSettings({ ...source, scaling: { minCapacity, maxCapacity } }).maxConnections;

  test('have max_connections by memory, 5,000 at most', () => {
    expect(serverSettings(source).maxConnections).toBe(1802);
    expect(serverSettings({ ...source, memory: 512 * gibibyte }).maxConnections).toBe(5000);
  });

  test('of a serverless cluster go by its largest capacity, 2,000 where it may shrink to half a unit', () => {
    expect(serverless(1, 4)).toBe(901);
    expect(serverless(0.5, 64)).toBe(2000);
    expect(serverless(1, 64)).toBe(5000);
  });

  test('take max_connections from the parameters', () => {
    const settings = serverSettings({ ...source, parameters: { max_connections: '20' } });
    expect(settings.maxConnections).toBe(20);
  });

  test.each(['5', '262144'])('fail for max_connections %s', (value) => {
    expect(() => serverSettings({ ...source, parameters: { max_connections: value } })).toThrow(
      'outside of range: 6-262143',
    );
  });

  test.each([
    ['postgres', '14.9', {}, false],
    ['postgres', '15.4', {}, true],
    ['aurora-postgresql', '16.4', {}, false],
    ['aurora-postgresql', '17.4', {}, true],
    ['aurora-postgresql', '16.4', { 'rds.force_ssl': '1' }, true],
    ['postgres', '17.2', { 'rds.force_ssl': '0' }, false],
  ])('of %s %s with %j require TLS: %s', (engine, engineVersion, parameters, required) => {
    const settings = serverSettings({ ...source, engine, engineVersion, parameters });
    expect(settings.forceSsl).toBe(required);
  });

  test('pass on what the server honours and leave out what is recorded', () => {
    const parameters = { statement_timeout: '5000', shared_buffers: '4096', log_statement: 'all' };
    expect(serverSettings({ ...source, parameters }).parameters).toEqual({
      statement_timeout: '5000',
    });
  });
});
