// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of policies look like placeholders of templates
import type { ConditionKeys } from '../../src/iam/caller';
import { administrator, outcome, queueArn, service } from './decide';

const send = { Action: 'sqs:SendMessage', Resource: '*' };

function holds(Condition: object, context: ConditionKeys, version?: string): boolean {
  return outcome({ identity: [{ ...send, Condition }], context, version }) === 'allowed';
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
describe('operators', () => {
  test.each<[operator: string, wanted: string | string[], given: string, expected: boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', ['b', 'a'], 'a', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
    ['StringNotEqualsIgnoreCase', 'aB', 'Ab', false],
    ['StringLike', 'a*c?', 'abbbcd', true],
    ['StringLike', 'a*c?', 'abbbc', false],
    ['StringLike', '', '', true],
    ['StringNotLike', 'a*', 'b', true],
    ['NumericEquals', '10', '10.0', true],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '11', true],
    ['NumericGreaterThanEquals', '10', '9', false],
    ['NumericEquals', '10', 'ten', false],
    ['DateLessThan', '2030-01-01T00:00:00Z', '2029-12-31T23:59:59Z', true],
    ['DateGreaterThan', '1000', '1970-01-01T01:00:00Z', true],
    ['DateEquals', '2030-01-01T00:00:00Z', '2030-01-01T01:00:00+01:00', true],
    ['DateNotEquals', '2030-01-01', '2030-01-01T00:00:00Z', false],
    ['Bool', 'true', 'TRUE', true],
    ['Bool', 'true', 'false', false],
    ['BinaryEquals', 'QUI=', 'QUI=', true],
    ['IpAddress', '10.0.0.0/8', '10.1.2.3', true],
    ['IpAddress', '10.0.0.1', '10.0.0.1', true],
    ['IpAddress', '2001:db8::/32', '2001:db8::1', true],
    ['IpAddress', '10.0.0.0/8', '2001:db8::1', false],
    ['NotIpAddress', '10.0.0.0/8', '11.1.2.3', true],
    ['ArnEquals', 'arn:aws:sns:*:111111111111:t?', 'arn:aws:sns:us-east-1:111111111111:ta', true],
    ['ArnLike', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/c/d:e', true],
    ['ArnLike', 'arn:aws:*', 'arn:aws:sns:us-east-1:111111111111:ta', true],
    ['ArnLike', 'arn:aws:*:ta', 'arn:aws:sns:us-east-1:111111111111:ta', false],
    ['ArnNotLike', 'arn:aws:sns:*:*:t', 'arn:aws:sns:us-east-1:111111111111:u', true],
  ])('%s %j of %j is %s', (operator, wanted, given, expected) => {
    expect(holds({ [operator]: { 'x:key': wanted } }, { 'X:Key': given })).toBe(expected);
  });

  test.each<[operator: string, expected: boolean]>([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['BoolIfExists', true],
    ['ArnNotLike', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringEqualsIfExists', true],
  ])('%s of a key that is not there is %s', (operator, expected) => {
    expect(holds({ [operator]: { 'x:key': 'true' } }, {})).toBe(expected);
  });

  test.each<[operator: string, given: string[], expected: boolean]>([
    ['ForAllValues:StringEquals', ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'c'], false],
    ['ForAnyValue:StringEquals', ['c', 'b'], true],
    ['ForAnyValue:StringEquals', ['c', 'd'], false],
    ['ForAllValues:StringNotEquals', ['c', 'd'], true],
    ['ForAllValues:StringNotEquals', ['c', 'a'], false],
    ['ForAnyValue:StringNotEquals', ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], false],
  ])('%s of a and b with %j is %s', (operator, given, expected) => {
    expect(holds({ [operator]: { 'x:key': ['a', 'b'] } }, { 'x:key': given })).toBe(expected);
  });

  test('Null asks whether a key is there', () => {
    expect(holds({ Null: { 'x:key': 'true' } }, {})).toBe(true);
    expect(holds({ Null: { 'x:key': 'false' } }, {})).toBe(false);
    expect(holds({ Null: { 'x:key': 'false' } }, { 'x:key': '' })).toBe(true);
  });

  test('all operators and all keys have to hold', () => {
    const both = { StringEquals: { 'x:a': '1', 'x:b': '2' }, Bool: { 'x:c': 'true' } };
    expect(holds(both, { 'x:a': '1', 'x:b': '2', 'x:c': 'true' })).toBe(true);
    expect(holds(both, { 'x:a': '1', 'x:b': '3', 'x:c': 'true' })).toBe(false);
    expect(holds(both, { 'x:a': '1', 'x:b': '2' })).toBe(false);
  });

  test('one that IAM does not have never holds', () => {
    expect(holds({ StringResembles: { 'x:key': 'a' } }, { 'x:key': 'a' })).toBe(false);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
describe('variables', () => {
  const like = (text: string) => ({ StringLike: { 'x:key': text } });

  test.each<[text: string, given: string, expected: boolean]>([
    ['home/${x:name}/*', 'home/ann/file', true],
    ['home/${x:name}/*', 'home/bob/file', false],
    ['${X:NAME}', 'ann', true],
    ['${x:nobody}', '', false],
    ["${x:nobody, 'guest'}", 'guest', true],
    ["${x:name, 'guest'}", 'ann', true],
    ['${*}', '*', true],
    ['${*}', 'a', false],
    ['${?}${$}', '?$', true],
  ])('%s with %s', (text, given, expected) => {
    expect(holds(like(text), { 'x:key': given, 'x:name': 'ann' })).toBe(expected);
  });

  test('a wildcard in a value is none', () => {
    expect(holds(like('${x:name}'), { 'x:key': 'ann', 'x:name': 'a*' })).toBe(false);
  });

  test('stand in resources', () => {
    const Resource = 'arn:aws:sqs:*:*:${aws:PrincipalTag/team}-*';
    const situation = { identity: [{ ...send, Resource }], resource: `${queueArn}-1` };
    expect(outcome({ ...situation, roleTags: { team: 'orders' } })).toBe('allowed');
    expect(outcome({ ...situation, roleTags: { team: 'parts' } })).not.toBe('allowed');
    expect(outcome(situation)).not.toBe('allowed');
  });

  test('are plain text in policies of 2008', () => {
    const context = { 'x:key': '${x:name}', 'x:name': 'ann' };
    expect(holds(like('${x:name}'), context, '2008-10-17')).toBe(true);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
describe('global keys', () => {
  test.each([
    ['aws:PrincipalArn', 'arn:aws:iam::111111111111:role/worker'],
    ['aws:PrincipalAccount', '111111111111'],
    ['aws:PrincipalType', 'AssumedRole'],
    ['aws:PrincipalIsAWSService', 'false'],
    ['aws:PrincipalTag/Team', 'orders'],
    ['aws:ResourceTag/Stage', 'test'],
    ['aws:ResourceAccount', '111111111111'],
    ['aws:SecureTransport', 'true'],
    ['aws:ViaAWSService', 'false'],
    ['aws:CurrentTime', '2035-01-01T00:00:00.000Z'],
    ['aws:EpochTime', '2051222400'],
  ])('%s of a role', (key, value) => {
    const situation = { roleTags: { team: 'orders' }, resourceTags: { stage: 'test' } };
    const identity = [{ ...send, Condition: { StringEquals: { [key]: value } } }];
    expect(outcome({ ...situation, identity })).toBe('allowed');
  });

  test.each([
    ['aws:SourceArn', 'arn:aws:s3:::bucket'],
    ['aws:SourceAccount', '222222222222'],
    ['aws:PrincipalIsAWSService', 'true'],
    ['aws:PrincipalServiceName', 's3.amazonaws.com'],
  ])('%s of a service', (key, value) => {
    const caller = service('s3.amazonaws.com', 'arn:aws:s3:::bucket', '222222222222');
    const Principal = { Service: 's3.amazonaws.com' };
    const statement = { ...send, Principal, Condition: { StringEquals: { [key]: value } } };
    expect(outcome({ caller, resourcePolicy: [statement] })).toBe('allowed');
  });

  test('aws:PrincipalType of an administrator is Account', () => {
    const Condition = { StringEquals: { 'aws:PrincipalType': 'Account' } };
    const denied = { ...send, Effect: 'Deny' as const, Principal: '*', Condition };
    expect(outcome({ caller: administrator, resourcePolicy: [denied] })).not.toBe('allowed');
  });
});
