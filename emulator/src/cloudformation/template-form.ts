import { NotImplementedError } from '../protocol/errors';
import type { TemplateValue } from './provider';
import { templateFormatError, validationError } from './template-errors';
import { isList, isObject, isScalar, type TemplateObject } from './values';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const longestDescription = 1024;

/** Checks a description and returns it: of a template, or of an output. */
export function description(value: TemplateValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isScalar(value)) throw templateFormatError('Every Description member must be a string.');
  const text = String(value);
  if (Buffer.byteLength(text) > longestDescription) {
    throw templateFormatError(`'Description' length is greater than ${longestDescription}.`);
  }
  return text;
}

/** Checks the form of logical ids. @param kind - what they are of, such as `Resource` */
export function requireAlphanumeric(kind: 'Output' | 'Parameter' | 'Resource', id: string): void {
  if (id.startsWith('Fn::ForEach') || id === 'Fn::Transform') throw new NotImplementedError(id);
  if (!/^[A-Za-z0-9]{1,255}$/.test(id)) {
    throw templateFormatError(`${kind} name ${id} is non alphanumeric.`);
  }
}

const parameterProperties = [
  'AllowedPattern',
  'AllowedValues',
  'ConstraintDescription',
  'Default',
  'Description',
  'MaxLength',
  'MaxValue',
  'MinLength',
  'MinValue',
  'NoEcho',
  'Type',
];

/** Checks the form of `Parameters`; their types are checked with their values. */
export function checkParameterForm(parameters: TemplateObject): void {
  for (const [name, body] of Object.entries(parameters)) {
    requireAlphanumeric('Parameter', name);
    if (!isObject(body) || typeof body.Type !== 'string') {
      throw templateFormatError('Every Parameters object must contain a Type member.');
    }
    const unknown = Object.keys(body).find((key) => !parameterProperties.includes(key));
    if (unknown !== undefined) {
      throw validationError(`Invalid template parameter property '${unknown}'`);
    }
  }
}

/** Checks the form of `Mappings`: maps of maps of text or lists. */
export function checkMappingForm(mappings: TemplateObject): void {
  for (const [name, mapping] of Object.entries(mappings)) {
    if (name === 'Fn::Transform') throw new NotImplementedError('the function Fn::Transform');
    if (!isObject(mapping))
      throw templateFormatError(`Every Mappings member ${name} must be a map`);
    for (const [key, entry] of Object.entries(mapping)) {
      if (!isObject(entry)) throw templateFormatError(`Every Mappings member ${key} must be a map`);
      if (!Object.values(entry).every((value) => isScalar(value) || isList(value))) {
        throw templateFormatError('Every Mappings attribute must be a String or a List.');
      }
    }
  }
}

/** The logical ids that `DependsOn` names. */
export function dependsOn(value: TemplateValue | undefined): string[] {
  const ids = isList<TemplateValue>(value) ? value : value === undefined ? [] : [value];
  return ids.map((id) => {
    if (typeof id === 'string') return id;
    throw templateFormatError('Every DependsOn value must be a string.');
  });
}
