import { integerBetween, secondsBetween, type ValidationRule } from '../validation';
import { type Attribute, toAttributeMap } from './attribute';
import { keyOf, keyOfTable } from './dynamodb-key';
import { itemPlanOf } from './dynamodb-plan';
import type { DynamoDbSinkProps } from './dynamodb-sink-props';
import { MAX_PLAN_BYTES } from './mapping/settings';

/** DynamoDB's own, of an attribute that is not a key. */
const MAX_NAME_BYTES = 65_535;
/** DynamoDB's own, of an attribute that is. */
const MAX_KEY_NAME_BYTES = 255;

/**
 * What DynamoDB, or Lambda, would refuse at deployment or, worse, at the first message.
 */
export const DYNAMODB_SINK_RULES: ReadonlyArray<ValidationRule<DynamoDbSinkProps>> = [
  {
    fails: ({ attributes }) => namesOf(attributes).length === 0,
    message: () => 'attributes must name at least the key of the table',
  },
  {
    fails: (props) => keyOf(props).length === 0,
    message: () => 'partitionKey is required: an imported table does not tell its key',
  },
  {
    fails: ({ partitionKey, sortKey }) => sortKey !== undefined && partitionKey === undefined,
    message: () => 'sortKey needs partitionKey beside it: give both, or leave both to the table',
  },
  {
    fails: (props) => otherKey(props) !== undefined,
    message: (props) =>
      `partitionKey and sortKey must be those of the table (${otherKey(props)}), got ${quoted(keyOf(props).map(({ name }) => name))}`,
  },
  {
    fails: (props) => missingKeys(props).length > 0,
    message: (props) =>
      `attributes must hold the key of the table, got none for ${quoted(missingKeys(props))}`,
  },
  {
    fails: (props) => keysThat(props, (attribute) => attribute.isOptional()).length > 0,
    message: (props) =>
      `the key must be in every message, got optional ${quoted(keysThat(props, (attribute) => attribute.isOptional()))}: without it two messages cannot be told apart`,
  },
  {
    fails: (props) => mistypedKeys(props).length > 0,
    message: (props) =>
      `attributes of the key must have the types of the table, got ${mistypedKeys(props).join(', ')}`,
  },
  {
    fails: ({ attributes, versionAttribute }) =>
      versionAttribute !== undefined && !namesOf(attributes).includes(versionAttribute),
    message: ({ versionAttribute }) =>
      `versionAttribute must be among the attributes, got '${versionAttribute}'`,
  },
  {
    fails: ({ attributes, versionAttribute }) =>
      versionAttribute !== undefined &&
      valid(toAttributeMap(attributes)[versionAttribute])?.isOptional() === true,
    message: ({ versionAttribute }) =>
      `versionAttribute must be in every message, got optional '${versionAttribute}': without it nobody knows which item is newer`,
  },
  {
    fails: ({ attributes, versionAttribute }) =>
      versionAttribute !== undefined &&
      valid(toAttributeMap(attributes)[versionAttribute])?.knownType() === 'BOOL',
    message: ({ versionAttribute }) =>
      `versionAttribute must be a number, text or bytes, got '${versionAttribute}', which is true or false`,
  },
  {
    fails: (props) =>
      props.versionAttribute !== undefined &&
      keyOf(props).some(({ name }) => name === props.versionAttribute),
    message: ({ versionAttribute }) =>
      `versionAttribute must not be of the key, got '${versionAttribute}': items of another key are other items`,
  },
  {
    fails: (props) => badNames(props).length > 0,
    message: (props) =>
      `names of attributes must be 1 to ${MAX_NAME_BYTES.toLocaleString('en-US')} bytes long, those of the key up to ${MAX_KEY_NAME_BYTES}, got ${quoted(badNames(props))}`,
  },
  {
    fails: ({ attributes }) => mistakes(attributes).length > 0,
    message: ({ attributes }) => mistakes(attributes).join('; '),
  },
  {
    fails: (props) =>
      mistakes(props.attributes).length === 0 &&
      Buffer.byteLength(JSON.stringify(itemPlanOf(props))) > MAX_PLAN_BYTES,
    message: () =>
      `the description of attributes is too long for a function's environment: more than ${MAX_PLAN_BYTES} bytes as JSON; store the body in one attribute instead`,
  },
  integerBetween('writeConcurrency', (props) => props.writeConcurrency, { min: 1, max: 100 }),
  integerBetween('maxConcurrency', (props) => props.maxConcurrency, { min: 2, max: 1_000 }),
  secondsBetween('timeout', (props) => props.timeout, { min: 5, max: 900 }),
  {
    fails: ({ timeout }) => timeout?.isUnresolved() === true,
    message: () => 'timeout must be known at synthesis: the visibility timeout is derived from it',
  },
  integerBetween('memorySize', (props) => props.memorySize, { min: 128, max: 10_240 }),
];

function namesOf(attributes: DynamoDbSinkProps['attributes']): string[] {
  return Object.keys(toAttributeMap(attributes));
}

/** The names of the table's key, if the props say others. */
function otherKey(props: DynamoDbSinkProps): string | undefined {
  const known = keyOfTable(props.table)?.map(({ name }) => name);
  const given = keyOf(props).map(({ name }) => name);
  return known === undefined || known.join('\0') === given.join('\0') ? undefined : quoted(known);
}

function missingKeys(props: DynamoDbSinkProps): string[] {
  const names = namesOf(props.attributes);
  return keyOf(props)
    .map(({ name }) => name)
    .filter((name) => !names.includes(name));
}

function keysThat(props: DynamoDbSinkProps, holds: (attribute: Attribute) => boolean): string[] {
  const attributes = toAttributeMap(props.attributes);
  return keyOf(props)
    .map(({ name }) => name)
    .filter((name) => {
      const attribute = valid(attributes[name]);
      return attribute !== undefined && holds(attribute);
    });
}

/** Each with its type here and there. */
function mistypedKeys(props: DynamoDbSinkProps): string[] {
  const attributes = toAttributeMap(props.attributes);
  return keyOf(props).flatMap(({ name, type }) => {
    const here = valid(attributes[name])?.knownType();
    const isWrong = here === 'BOOL' || (type !== undefined && here !== undefined && here !== type);
    return isWrong ? [`'${name}' of type ${here} in place of ${type ?? 'S, N or B'}`] : [];
  });
}

function badNames(props: DynamoDbSinkProps): string[] {
  const key = keyOf(props).map(({ name }) => name);
  return namesOf(props.attributes).filter((name) => {
    const bytes = Buffer.byteLength(name);
    return bytes === 0 || bytes > (key.includes(name) ? MAX_KEY_NAME_BYTES : MAX_NAME_BYTES);
  });
}

function mistakes(attributes: DynamoDbSinkProps['attributes']): string[] {
  return Object.entries(toAttributeMap(attributes)).flatMap(([name, attribute]) => {
    const mistake = attribute.validate();
    return mistake === undefined ? [] : [`${name}: ${mistake}`];
  });
}

function valid(attribute: Attribute | undefined): Attribute | undefined {
  return attribute?.validate() === undefined ? attribute : undefined;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
