import { acceptOnly } from '../accepted-parameters';
import { invalid } from './errors';

/** What a request must be like: one of the patterns of each kind must fit. */
export interface RuleConditions {
  readonly hosts: readonly string[] | undefined;
  readonly paths: readonly string[] | undefined;
}

/** A condition as calls and templates give it; members besides are refused. */
export interface GivenCondition {
  readonly Field?: string;
  readonly Values?: readonly string[];
  readonly HostHeaderConfig?: { readonly Values?: readonly string[] };
  readonly PathPatternConfig?: { readonly Values?: readonly string[] };
}

/**
 * Reads the conditions of a rule.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 * @throws NotImplementedError for kinds of conditions other than host headers and paths; ServiceError
 */
export function conditionsOf(input: readonly GivenCondition[]): RuleConditions {
  if (input.length === 0) throw invalid('A condition must be specified');
  const values = new Map<string, readonly string[]>();
  for (const condition of input) {
    acceptOnly('a condition of a rule', condition, [
      'Field',
      'HostHeaderConfig',
      'PathPatternConfig',
      'Values',
    ]);
    const field = condition.Field ?? (condition.HostHeaderConfig ? 'host-header' : 'path-pattern');
    const patterns =
      condition.Values ?? condition.HostHeaderConfig?.Values ?? condition.PathPatternConfig?.Values;
    if (field !== 'host-header' && field !== 'path-pattern')
      throw invalid(`Condition field '${field}' must be one of '[path-pattern,host-header]'`);
    if (!patterns || patterns.length === 0)
      throw invalid(`A condition value must be specified for the field '${field}'`);
    if (values.has(field)) throw invalid(`Condition field '${field}' is given more than once`);
    values.set(field, patterns);
  }
  return { hosts: values.get('host-header'), paths: values.get('path-pattern') };
}

/** Whether a request meets all conditions. Hosts are compared whatever their case, paths by it. */
export function meets(conditions: RuleConditions, host: string, path: string): boolean {
  const { hosts, paths } = conditions;
  return (
    (hosts === undefined || hosts.some((one) => pattern(one, 'i').test(host))) &&
    (paths === undefined || paths.some((one) => pattern(one, '').test(path)))
  );
}

export function describeConditions({ hosts, paths }: RuleConditions) {
  return [
    ...(hosts
      ? [{ Field: 'host-header', Values: [...hosts], HostHeaderConfig: { Values: [...hosts] } }]
      : []),
    ...(paths
      ? [{ Field: 'path-pattern', Values: [...paths], PathPatternConfig: { Values: [...paths] } }]
      : []),
  ];
}

/** `*` stands for any characters, `?` for one. */
function pattern(text: string, flags: string): RegExp {
  const source = text
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags);
}
