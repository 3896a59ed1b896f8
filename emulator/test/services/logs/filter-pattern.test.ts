import { compileFilterPattern } from '../../../src/services/logs/filter-pattern';

test.each<[pattern: string | undefined, message: string, matches: boolean]>([
  [undefined, 'anything', true],
  ['', 'anything', true],
  ['ERROR', '[ERROR] disk full', true],
  ['ERROR', '[error] disk full', false],
  ['ERROR disk', 'disk full: ERROR', true],
  ['ERROR disk', 'ERROR', false],
  ['"disk full"', 'ERROR disk full', true],
  ['"disk full"', 'disk is full', false],
  ['?ERROR ?WARN', 'WARN slow', true],
  ['?ERROR ?WARN', 'INFO fine', false],
  ['ERROR -ignored', 'ERROR ignored', false],
  ['ERROR -ignored', 'ERROR kept', true],
  ['{ $.level = "ERROR" }', '{"level":"ERROR"}', true],
  ['{ $.level = "ERR*" }', '{"level":"ERROR"}', true],
  ['{ $.level = "ERROR" }', 'ERROR', false],
  ['{ $.level != "INFO" }', '{"level":"ERROR"}', true],
  ['{ $.level != "INFO" }', '{}', false],
  ['{ $.a.b[1] >= 2.5 }', '{"a":{"b":[0,3]}}', true],
  ['{ $.a.b[1] < 2.5 }', '{"a":{"b":[0,3]}}', false],
  ['{ $.n = 4 && ($.m = 1 || $.m = 2) }', '{"n":4,"m":2}', true],
  ['{ $.n = 4 && ($.m = 1 || $.m = 2) }', '{"n":4,"m":3}', false],
  ['{ $.ok IS TRUE }', '{"ok":true}', true],
  ['{ $.gone IS NULL }', '{"gone":null}', true],
  ['{ $.gone NOT EXISTS }', '{}', true],
  ['{ $.gone NOT EXISTS }', '{"gone":null}', false],
])('the pattern %p applied to %p: %p', (pattern, message, matches) => {
  expect(compileFilterPattern(pattern)(message)).toBe(matches);
});

test.each(['[ip, user]', '%ERR.R%', '{ $.level = %E.*% }'])(
  'refuses %p, which is not emulated',
  (pattern) => {
    expect(() => compileFilterPattern(pattern)).toThrow(/does not implement/);
  },
);

test.each(['{ $.a = }', '{ $.a = 1', '{ a = 1 }', '{ $.a ~ 1 }', '{ $.a = 1 && }', '"open'])(
  'fails for %p as CloudWatch Logs does',
  (pattern) => {
    expect(() => compileFilterPattern(pattern)).toThrow('Invalid filter pattern');
  },
);
