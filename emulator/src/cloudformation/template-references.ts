import type { TemplateValue } from './provider';
import { isList, isObject } from './values';

/**
 * Every name that `Ref`, `Fn::GetAtt` and `Fn::Sub` in a value refer to, in all branches of every
 * `Fn::If`: CloudFormation wants them all to exist, whichever is taken.
 */
export function referredNames(value: TemplateValue): Set<string> {
  const names = new Set<string>();
  collect(value, names);
  return names;
}

function collect(value: TemplateValue, names: Set<string>): void {
  if (isList<TemplateValue>(value)) {
    for (const item of value) collect(item, names);
    return;
  }
  if (!isObject(value)) return;
  const [key = '', ...others] = Object.keys(value);
  const argument = value[key];
  if (others.length === 0 && argument !== undefined) {
    if (key === 'Ref' && typeof argument === 'string') names.add(argument);
    if (key === 'Fn::GetAtt') {
      const [logicalId] = isList<TemplateValue>(argument) ? argument : String(argument).split('.');
      if (typeof logicalId === 'string') names.add(logicalId);
    }
    if (key === 'Fn::Sub') for (const name of substituted(argument)) names.add(name);
  }
  for (const member of Object.values(value)) collect(member, names);
}

function substituted(argument: TemplateValue): string[] {
  const [template, variables] = isList<TemplateValue>(argument) ? argument : [argument];
  if (typeof template !== 'string') return [];
  const own = isObject(variables) ? variables : {};
  return [...template.matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map(([, name = '']) => name.trim())
    .filter((name) => !(name in own))
    .map((name) => name.split('.')[0] ?? name);
}
