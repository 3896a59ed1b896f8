import { availabilityZones } from '../network/availability-zones';
import { NotImplementedError } from '../protocol/errors';
import { cidrBlocks } from './cidr-blocks';
import type { StackOutputQuery } from './other-stacks';
import type { TemplateValue } from './provider';
import { templateError } from './template-errors';
import {
  isComplete,
  isList,
  isObject,
  isPartialObject,
  isScalar,
  noValue,
  type PartialValue,
  unresolved,
} from './values';

/** What intrinsic functions ask about the stack that they are evaluated in. */
export interface EvaluationScope {
  readonly region: string;
  /** Whether the template asks for the functions of the `AWS::LanguageExtensions` transform. */
  readonly languageExtensions: boolean;
  /** `Ref` to a parameter, pseudo parameter or resource. */
  reference(name: string): PartialValue | typeof noValue;
  attribute(logicalId: string, attribute: string): PartialValue;
  condition(name: string): boolean | typeof unresolved;
  /** Undefined if the mapping has no such keys. */
  mapping(name: string, topKey: string, secondKey: string): TemplateValue | undefined;
  importedValue(exportName: string): PartialValue;
  stackOutput(query: StackOutputQuery): PartialValue;
}

type Result = PartialValue | typeof noValue;
type IntrinsicFunction = (argument: TemplateValue, scope: EvaluationScope) => Result;

/**
 * Evaluates a template's value with all functions in it. Parts that hang on resources which do not
 * exist yet are {@link unresolved}.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function evaluate(value: TemplateValue, scope: EvaluationScope): Result {
  if (isList<TemplateValue>(value)) return evaluateList(value, scope);
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const [key] = keys;
  if (keys.length === 1 && key !== undefined && isFunctionName(key)) {
    const intrinsic = functions[key];
    if (key === 'Fn::Transform') throw new NotImplementedError('the function Fn::Transform');
    if (!intrinsic) throw templateError(`Encountered unsupported function: ${key}`);
    return intrinsic(value[key] ?? null, scope);
  }
  const misplaced = keys.find((name) => name.startsWith('Fn::'));
  if (misplaced !== undefined) {
    throw templateError(`every ${misplaced} object must have exactly one member`);
  }
  const result: Record<string, PartialValue> = {};
  for (const [name, member] of Object.entries(value)) {
    const evaluated = evaluate(member, scope);
    if (evaluated !== noValue) result[name] = evaluated;
  }
  return result;
}

/** {@link evaluate} where `AWS::NoValue` makes no sense: it counts as an empty string. */
export function evaluateSome(value: TemplateValue, scope: EvaluationScope): PartialValue {
  const result = evaluate(value, scope);
  return result === noValue ? '' : result;
}

function isFunctionName(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function evaluateList(list: readonly TemplateValue[], scope: EvaluationScope): PartialValue[] {
  return list.flatMap((item) => {
    const result = evaluate(item, scope);
    return result === noValue ? [] : [result];
  });
}

const functions: Readonly<Record<string, IntrinsicFunction>> = {
  Ref(argument, scope) {
    if (typeof argument !== 'string') throw templateError('all Ref objects must be strings');
    return scope.reference(argument);
  },

  'Fn::GetAtt'(argument, scope) {
    const [logicalId, ...path] =
      typeof argument === 'string'
        ? argument.split('.')
        : isList<TemplateValue>(argument)
          ? argument
          : [];
    if (typeof logicalId !== 'string' || path.length === 0) {
      throw templateError(
        'every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
      );
    }
    const parts = path.map((part) => evaluateSome(part, scope));
    if (!parts.every(isScalar)) return unresolved;
    return scope.attribute(logicalId, parts.join('.'));
  },

  'Fn::Join'(argument, scope) {
    const [delimiter, items] = pair('Fn::Join', argument);
    const list = evaluateSome(items, scope);
    if (list === unresolved) return unresolved;
    if (typeof delimiter !== 'string' || !isList<PartialValue>(list)) {
      throw templateError(
        'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings to be joined.',
      );
    }
    if (list.includes(unresolved)) return unresolved;
    return list.map((item) => text('Fn::Join', item)).join(delimiter);
  },

  'Fn::Sub'(argument, scope) {
    const [template, variables] = isList<TemplateValue>(argument) ? argument : [argument, {}];
    if (typeof template !== 'string' || !isObject(variables)) {
      throw templateError(
        "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
      );
    }
    const own = new Map<string, PartialValue>(
      Object.entries(variables).map(([name, value]) => [name, evaluateSome(value, scope)]),
    );
    let complete = true;
    const result = template.replace(/\$\{([^}]*)\}/g, (_match, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      const value = own.get(name) ?? substitution(name.trim(), scope);
      if (value === unresolved) {
        complete = false;
        return '';
      }
      return text('Fn::Sub', value);
    });
    return complete ? result : unresolved;
  },

  'Fn::Select'(argument, scope) {
    const [index, items] = pair('Fn::Select', argument);
    const position = evaluateSome(index, scope);
    const list = evaluateSome(items, scope);
    if (position === unresolved || list === unresolved) return unresolved;
    if (!isList<PartialValue>(list)) {
      throw templateError('Fn::Select requires a list argument with two elements');
    }
    const selected = list[Number(position)];
    if (selected === undefined) {
      throw templateError(
        `Fn::Select cannot select nonexistent value at index ${String(position)}`,
      );
    }
    return selected;
  },

  'Fn::Split'(argument, scope) {
    const [delimiter, source] = pair('Fn::Split', argument);
    const value = evaluateSome(source, scope);
    if (value === unresolved) return unresolved;
    if (typeof delimiter !== 'string' || delimiter === '' || !isScalar(value)) {
      throw templateError(
        'every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.',
      );
    }
    return String(value).split(delimiter);
  },

  'Fn::If'(argument, scope) {
    if (!isList<TemplateValue>(argument) || argument.length !== 3) {
      throw templateError('Fn::If requires a list argument with three elements');
    }
    const [name, whenTrue = null, whenFalse = null] = argument;
    if (typeof name !== 'string') throw templateError('Fn::If requires the name of a condition');
    const condition = scope.condition(name);
    if (condition !== unresolved) return evaluate(condition ? whenTrue : whenFalse, scope);
    // Both are evaluated for what they refer to.
    evaluate(whenTrue, scope);
    evaluate(whenFalse, scope);
    return unresolved;
  },

  'Fn::FindInMap'(argument, scope) {
    if (!isList<TemplateValue>(argument) || argument.length < 3 || argument.length > 4) {
      throw templateError(
        'every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
      );
    }
    const [name, topKey, secondKey] = argument.slice(0, 3).map((part) => evaluateSome(part, scope));
    const options = argument[3];
    if (!isScalar(name) || !isScalar(topKey) || !isScalar(secondKey)) return unresolved;
    const found = scope.mapping(String(name), String(topKey), String(secondKey));
    if (found !== undefined) return found;
    if (isObject(options) && options.DefaultValue !== undefined) {
      requireLanguageExtensions('DefaultValue of Fn::FindInMap', scope);
      return evaluate(options.DefaultValue, scope);
    }
    throw templateError(
      `Unable to get mapping for ${String(name)}::${String(topKey)}::${String(secondKey)}`,
    );
  },

  'Fn::Base64'(argument, scope) {
    const value = evaluateSome(argument, scope);
    if (value === unresolved) return unresolved;
    return Buffer.from(text('Fn::Base64', value)).toString('base64');
  },

  'Fn::GetAZs'(argument, scope) {
    const value = evaluateSome(argument, scope);
    if (value === unresolved) return unresolved;
    const region = value === '' ? scope.region : text('Fn::GetAZs', value);
    return availabilityZones(region).map(({ name }) => name);
  },

  'Fn::Cidr'(argument, scope) {
    if (!isList<TemplateValue>(argument) || argument.length < 2 || argument.length > 3) {
      throw templateError('every Fn::Cidr object requires two or three parameters');
    }
    const [block, count, bits = 8] = argument.map((part) => evaluateSome(part, scope));
    if (!isScalar(block) || !isScalar(count) || !isScalar(bits)) return unresolved;
    return cidrBlocks(String(block), Number(count), Number(bits));
  },

  'Fn::ImportValue'(argument, scope) {
    const name = evaluateSome(argument, scope);
    return name === unresolved ? unresolved : scope.importedValue(text('Fn::ImportValue', name));
  },

  'Fn::GetStackOutput'(argument, scope) {
    const query = evaluateSome(argument, scope);
    if (!isComplete(query)) return unresolved;
    const given = new Map(Object.entries(isPartialObject(query) ? query : {}));
    const take = (name: string) => {
      const value = given.get(name);
      given.delete(name);
      return value === undefined ? undefined : text('Fn::GetStackOutput', value);
    };
    const [stackName, outputName] = [take('StackName'), take('OutputName')];
    const [region, roleArn] = [take('Region'), take('RoleArn')];
    if (stackName === undefined || outputName === undefined || given.size > 0) {
      throw templateError(
        'every Fn::GetStackOutput object requires StackName and OutputName, and may have Region and RoleArn',
      );
    }
    return scope.stackOutput({ stackName, outputName, region, roleArn });
  },

  'Fn::ToJsonString'(argument, scope) {
    requireLanguageExtensions('Fn::ToJsonString', scope);
    const value = evaluateSome(argument, scope);
    return isComplete(value) ? JSON.stringify(value) : unresolved;
  },

  'Fn::Length'(argument, scope) {
    requireLanguageExtensions('Fn::Length', scope);
    const value = evaluateSome(argument, scope);
    if (value === unresolved) return unresolved;
    if (!isList(value)) throw templateError('Fn::Length requires a list');
    return value.length;
  },
};

function substitution(name: string, scope: EvaluationScope): PartialValue {
  const dot = name.indexOf('.');
  if (dot >= 0) return scope.attribute(name.slice(0, dot), name.slice(dot + 1));
  const value = scope.reference(name);
  return value === noValue ? '' : value;
}

function pair(name: string, argument: TemplateValue): [TemplateValue, TemplateValue] {
  const [first, second, ...rest] = isList<TemplateValue>(argument) ? argument : [];
  if (first === undefined || second === undefined || rest.length > 0) {
    throw templateError(`every ${name} object requires two parameters`);
  }
  return [first, second];
}

function text(name: string, value: PartialValue): string {
  if (isScalar(value)) return String(value);
  if (isPartialObject(value) || isList(value)) {
    throw templateError(`${name} must resolve to strings, not to a list or an object`);
  }
  return '';
}

function requireLanguageExtensions(what: string, scope: EvaluationScope): void {
  if (!scope.languageExtensions) {
    throw templateError(`${what} requires the transform AWS::LanguageExtensions`);
  }
}
