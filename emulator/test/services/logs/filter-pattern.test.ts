import { compileFilterPattern } from '../../../src/services/logs/patterns/filter-pattern';

const access =
  '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
const trail = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [{ id: 1 }, { id: 2 }],
  SomeObject: null,
  flag: true,
  'cluster.name': 'c',
  number: 4.5,
});

test.each<[pattern: string | undefined, message: string, matches: boolean]>([
  [undefined, 'anything', true],
  ['', 'anything', true],
  ['" "', 'any thing', true],
  ['ERROR', '[ERROR] disk full', true],
  ['ERROR', '[error] disk full', false],
  ['ERROR disk', 'disk full: ERROR', true],
  ['ERROR disk', 'ERROR', false],
  ['"disk full"', 'ERROR disk full', true],
  ['"disk full"', 'ERROR disk is full', false],
  ['?ERROR ?WARN', 'WARN slow', true],
  ['?ERROR ?WARN', 'INFO fine', false],
  ['?ERROR ?WARN REQUEST', 'INFO REQUEST', true],
  ['?ERROR -ignored', 'INFO fine', true],
  ['ERROR -ignored', 'ERROR ignored', false],
  ['ERROR -"well known"', 'ERROR well known', false],
  ['ERROR -ignored', 'ERROR kept', true],
  ['%ERR.R[0-9]%', 'an ERROR4', true],
  ['%^colou?r$%', 'color', true],
  ['%^colou?r$%', 'colors', false],
  ['%gray|grey%', 'a grey day', true],
  ['{ $.level = "ERROR" }', '{"level":"ERROR"}', true],
  ['{ $.level = "ERR*" }', '{"level":"ERROR"}', true],
  ['{ $.level = "*RR*" }', '{"level":"ERROR"}', true],
  ['{ $.level = "E*R" }', '{"level":"ERROR"}', false],
  ['{ $.level = "ERROR" }', 'ERROR', false],
  ['{ $.level != "INFO" }', '{"level":"ERROR"}', true],
  ['{ $.level != "INFO" }', '{}', false],
  ['{ $.level != "INFO" }', '{"level":["INFO"]}', false],
  ['{ $.level = * }', '{"level":0}', true],
  ['{ $.level = * }', '{"level":{}}', false],
  ['{ $.code = 4* }', '{"code":404}', true],
  ['{ $.code = 4e2 }', '{"code":400}', true],
  ['{ $.code > 399 }', '{"code":"400"}', false],
  ['{ $.a.b[1] >= 2.5 }', '{"a":{"b":[0,3]}}', true],
  ['{ $.a.b[1] < 2.5 }', '{"a":{"b":[0,3]}}', false],
  ['{ $.n = 4 && ($.m = 1 || $.m = 2) }', '{"n":4,"m":2}', true],
  ['{ $.n = 4 && ($.m = 1 || $.m = 2) }', '{"n":4,"m":3}', false],
  ['{ $.n = 5 || $.n = 4 && $.m = 3 }', '{"n":4,"m":3}', true],
  ['{ $.flag IS TRUE }', trail, true],
  ['{ $.SomeObject IS NULL }', trail, true],
  ['{ $.Other NOT EXISTS }', trail, true],
  ['{ $.SomeObject NOT EXISTS }', trail, false],
  ['{ $.sourceIPAddress != 123.123.* }', trail, true],
  ['{ $.eventType = %Trail% }', trail, true],
  ['{ $.eventType != %Trail% }', trail, false],
  ['{ $.arrayKey[*] = %val.{2}% }', trail, true],
  ['{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }', trail, true],
  ['{ $.objectList[*].id = 2 }', trail, true],
  ['{ $.[\'cluster.name\'] = "c" }', trail, true],
  ['[ip, user, username, timestamp, request, status_code, bytes]', access, true],
  ['[ip, user, username, timestamp, request, status_code = 4*, bytes]', access, true],
  ['[ip, user, username, timestamp, request, status_code = 4*, bytes > 2000]', access, false],
  ['[..., request =*.html*, status_code = 4*, bytes]', access, true],
  ['[..., status_code = 404 || status_code = 410, bytes]', access, true],
  ['[..., status_code = 4* && status_code != 404, bytes]', access, false],
  ['[ip = %127\\.0\\.0\\.[1-9]%, ..., bytes]', access, true],
  ['[ip, user = "Test", ...]', access, false],
  ['[a, b, c, d, e, f, g, h]', access, false],
  ['[a, b, ..., c, d, e, f, g, h]', access, false],
  ['[w1=ERROR, w2]', 'ERROR 09/25/2014 12:00:02 Failed to process request', true],
  ['[w1=ERROR || w1=WARNING, w2]', 'WARNING 09/25/2014 Invalid', true],
  ['[w1!=ERROR && w1!=WARNING, w2]', 'ERROR 09/25/2014 Invalid', false],
  ['[w1=ERROR]', 'ERROR 09/25/2014 Failed', false],
  ['[w1=ERROR]', '[ERROR]', true],
  ['[]', 'any thing', true],
])('the pattern %p applied to %p: %p', (pattern, message, matches) => {
  expect(compileFilterPattern(pattern).match(message) !== undefined).toBe(matches);
});

test('fields have their names, or their numbers where they have none', () => {
  const pattern = compileFilterPattern('[..., request=*.html*, status_code=4*,]');
  const match = pattern.match(access);
  expect(match?.fields).toEqual({
    $1: '127.0.0.1',
    $2: 'Prod',
    $3: 'frank',
    $4: '10/Oct/2000:13:25:15 -0700',
    $request: 'GET /index.html HTTP/1.0',
    $status_code: '404',
    $7: '1534',
  });
  expect(match?.value('$status_code')).toBe('404');
  expect(match?.value('$6')).toBe('404');
  expect(match?.value('$other')).toBeUndefined();
});

test('the last field has what is left of a message', () => {
  const match = compileFilterPattern('[level, text]').match('INFO  all is "well" here');
  expect(match?.fields).toEqual({ $level: 'INFO', $text: 'all is "well" here' });
});

test('a JSON pattern gives what a selector leads to', () => {
  const match = compileFilterPattern('{ $.number > 4 }').match(trail);
  expect(match?.value('$.number')).toBe(4.5);
  expect(match?.value('$.objectList[1].id')).toBe(2);
  expect(match?.value('$.other')).toBeUndefined();
  expect(match?.fields).toEqual({});
});

test.each([
  '{ $.a = }',
  '{ $.a = 1',
  '{ a = 1 }',
  '{ $.a ~ 1 }',
  '{ $.a = 1 && }',
  '{ $.a EXISTS }',
  '{ $.a IS NOT NULL }',
  '{ $.a > b }',
  '{ $.a[*].* = 1 }',
  '{ $.a[*] = 1 && $.b[*] = 1 && $.c[*] = 1 && $.d[*] = 1 }',
  '{ $.a = %(b|c)% }',
  '{ $.a = %b% && $.a = %c% && $.a = %d% }',
  '"open',
  '%some thing!%',
  '%[a%',
  '[a, b',
  '[a, ..., b, ...]',
  '[a = 1 && b = 2]',
  '[= 1]',
])('fails for %p as CloudWatch Logs does', (pattern) => {
  expect(() => compileFilterPattern(pattern)).toThrow('Invalid filter pattern');
});

test('a term with other characters than letters and digits needs quotes', () => {
  expect(() => compileFilterPattern('ERROR 2014-09-25')).toThrow(
    "Invalid character(s) in term '2014-09-25'",
  );
});
