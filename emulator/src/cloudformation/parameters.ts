import { NotImplementedError } from '../protocol/errors';
import type { TemplateValue } from './provider';
import { templateFormatError, validationError } from './template-errors';
import {
  isList,
  isObject,
  isScalar,
  type PartialValue,
  type TemplateObject,
  unresolved,
} from './values';

/** What is shown in the place of a value that is not to be shown. */
export const hiddenValue = '****';

/** A parameter of a stack with its value. */
export interface ParameterValue {
  readonly key: string;
  /** What `Ref` returns: text, or a list for list types. */
  readonly value: PartialValue;
  /** As it was given, before any lookup: what `UsePreviousValue` stands for. */
  readonly input: string;
  /** As DescribeStacks shows it: `****` for NoEcho; the parameter's name for one that is looked up in SSM. */
  readonly shown: string;
  /** What SSM had, for the types that are looked up there. */
  readonly resolvedValue?: string;
}

/** Looks a parameter up in SSM; undefined if there is none. */
export type SsmLookup = (name: string) => Promise<string | undefined>;

const plainTypes = ['String', 'Number', 'List<Number>', 'CommaDelimitedList'];
const awsTypes = [
  'AWS::EC2::AvailabilityZone::Name',
  'AWS::EC2::Image::Id',
  'AWS::EC2::Instance::Id',
  'AWS::EC2::KeyPair::KeyName',
  'AWS::EC2::SecurityGroup::GroupName',
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::Volume::Id',
  'AWS::EC2::VPC::Id',
  'AWS::Route53::HostedZone::Id',
];
const singleTypes = ['String', ...awsTypes];

/**
 * Gives every declared parameter its value, checked against its constraints.
 *
 * Values of AWS-specific types (`AWS::EC2::VPC::Id`) are taken as they come: networking is recorded,
 * and what is not in the emulator may be meant.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 *
 * @throws ServiceError `ValidationError` as CreateStack does.
 */
export async function resolveParameters(
  declarations: TemplateObject,
  given: Readonly<Record<string, PartialValue>>,
  ssm: SsmLookup,
): Promise<Map<string, ParameterValue>> {
  const unknown = Object.keys(given).filter((key) => !(key in declarations));
  if (unknown.length > 0) {
    throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  const missing = Object.entries(declarations)
    .filter(
      ([key, body]) => given[key] === undefined && isObject(body) && body.Default === undefined,
    )
    .map(([key]) => key);
  if (missing.length > 0) {
    throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  }
  const values = new Map<string, ParameterValue>();
  const absent: string[] = [];
  for (const [key, body] of Object.entries(declarations)) {
    if (!isObject(body) || typeof body.Type !== 'string') {
      throw templateFormatError(`Every Parameters object must contain a Type member.`);
    }
    const input = given[key] ?? body.Default;
    if (input === undefined) continue;
    if (input === unresolved) {
      values.set(key, { key, value: unresolved, input: '', shown: '' });
      continue;
    }
    const text = asText(key, input);
    checkConstraints(key, text, body);
    const looked = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(body.Type)?.[1];
    const found = looked === undefined ? text : await ssm(text);
    if (found === undefined) {
      absent.push(text);
      continue;
    }
    values.set(key, {
      key,
      value: typed(key, looked ?? body.Type, found),
      input: text,
      shown: body.NoEcho === true || body.NoEcho === 'true' ? hiddenValue : text,
      resolvedValue: looked === undefined ? undefined : found,
    });
  }
  if (absent.length > 0) {
    throw validationError(
      `Unable to fetch parameters [${absent.join(',')}] from parameter store for this account.`,
    );
  }
  return values;
}

function asText(key: string, input: PartialValue): string {
  if (isScalar(input)) return String(input);
  // A nested stack may be given a list for a list parameter.
  if (isList<PartialValue>(input) && input.every(isScalar)) return input.join(',');
  throw validationError(`Value of parameter ${key} must be a string or a list of strings`);
}

function typed(key: string, type: string, text: string): TemplateValue {
  const list = /^List<(.+)>$/.exec(type)?.[1];
  if (type === 'CommaDelimitedList' || list !== undefined) {
    if (list !== undefined && list !== 'Number' && !singleTypes.includes(list)) {
      throw new NotImplementedError(`the type ${type} of template parameter ${key}`);
    }
    const items = text === '' ? [] : text.split(',').map((item) => item.trim());
    if (list === 'Number') for (const item of items) requireNumber(key, item);
    return items;
  }
  if (type === 'Number') requireNumber(key, text);
  else if (
    !singleTypes.includes(type) &&
    !plainTypes.includes(type) &&
    type !== 'AWS::SSM::Parameter::Name'
  ) {
    throw templateFormatError(`Unrecognized parameter type: ${type}`);
  }
  return text;
}

function requireNumber(key: string, text: string): void {
  if (text.trim() === '' || Number.isNaN(Number(text))) {
    throw validationError(`Parameter '${key}' must be a number.`);
  }
}

function checkConstraints(key: string, text: string, body: TemplateObject): void {
  const fail = (constraint: string) => {
    const description = body.ConstraintDescription;
    throw validationError(
      typeof description === 'string'
        ? `Parameter ${key} failed to satisfy constraint: ${description}`
        : `Parameter '${key}' ${constraint}`,
    );
  };
  const items =
    body.Type === 'CommaDelimitedList' || String(body.Type).startsWith('List<')
      ? text.split(',').map((item) => item.trim())
      : [text];
  const allowed = body.AllowedValues;
  if (isList<TemplateValue>(allowed)) {
    const choices = allowed.map(String);
    if (!items.every((item) => choices.includes(item))) {
      fail(`must be one of AllowedValues`);
    }
  }
  if (typeof body.AllowedPattern === 'string') {
    const pattern = new RegExp(`^(?:${body.AllowedPattern})$`);
    if (!items.every((item) => pattern.test(item))) {
      fail(`must match pattern ${body.AllowedPattern}`);
    }
  }
  const bound = (name: string) => (body[name] === undefined ? undefined : Number(body[name]));
  const [minLength, maxLength] = [bound('MinLength'), bound('MaxLength')];
  if (minLength !== undefined && text.length < minLength) {
    fail(`must contain at least ${minLength} characters`);
  }
  if (maxLength !== undefined && text.length > maxLength) {
    fail(`must contain at most ${maxLength} characters`);
  }
  const [minValue, maxValue] = [bound('MinValue'), bound('MaxValue')];
  if (minValue !== undefined && items.some((item) => Number(item) < minValue)) {
    fail(`must be a number not less than ${minValue}`);
  }
  if (maxValue !== undefined && items.some((item) => Number(item) > maxValue)) {
    fail(`must be a number not greater than ${maxValue}`);
  }
}
