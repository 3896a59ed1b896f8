import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { Parameter } from './parameter';

/** A condition on parameters, as DescribeParameters and GetParametersByPath take it. */
export interface ParameterFilter {
  readonly Key: string;
  readonly Option?: string | undefined;
  readonly Values?: readonly string[] | undefined;
}

/**
 * Whether a parameter meets a filter.
 *
 * @throws InvalidFilterKey, InvalidFilterOption, NotImplemented for labels
 */
export function matches(parameter: Parameter, filter: ParameterFilter): boolean {
  const { Key: key, Option: option = 'Equals', Values: values = [] } = filter;
  if (key === 'Label') throw new NotImplementedError('the parameter filter Label');
  if (key === 'Path') return matchesPath(parameter.name, filter);
  const actual = filteredValue(parameter, key);
  switch (option) {
    case 'Equals':
      return actual !== undefined && (values.length === 0 || values.includes(actual));
    case 'BeginsWith':
      return values.some((value) => actual?.startsWith(value));
    case 'Contains':
      if (key === 'Name') return values.some((value) => actual?.includes(value));
      throw invalidOption(option);
    default:
      throw invalidOption(option);
  }
}

function matchesPath(name: string, filter: ParameterFilter): boolean {
  const { Option: option = 'OneLevel', Values: values = [] } = filter;
  if (option !== 'OneLevel' && option !== 'Recursive') throw invalidOption(option);
  return values.some((value) => {
    const prefix = value.endsWith('/') ? value : `${value}/`;
    if (!name.startsWith(prefix)) return false;
    return option === 'Recursive' || !name.slice(prefix.length).includes('/');
  });
}

function filteredValue(parameter: Parameter, key: string): string | undefined {
  const { latest } = parameter;
  switch (key) {
    case 'Name':
      return parameter.name;
    case 'Type':
      return latest.type;
    case 'KeyId':
      return latest.keyId;
    case 'Tier':
      return latest.tier;
    case 'DataType':
      return latest.dataType;
    default:
      if (key.startsWith('tag:')) return parameter.tags.get(key.slice(4));
      throw new ServiceError(
        'InvalidFilterKey',
        `The filter key ${key} is not valid. Valid filter keys include: [Path, Name, Type, KeyId, Tier, DataType, tag:<key>].`,
      );
  }
}

function invalidOption(option: string): ServiceError {
  return new ServiceError('InvalidFilterOption', `The filter option ${option} is not valid.`);
}
