import { toColumnMap } from './column';
import { toPositional } from './mapping/named-parameters';
import type { WritePlan } from './mapping/settings';
import type { PostgresSinkProps } from './postgres-sink-props';

/**
 * What the function is told to write. The props must be valid.
 */
export function planOf(props: PostgresSinkProps): WritePlan {
  if (props.statement !== undefined) {
    const { text, names } = toPositional(props.statement);
    const sources = toColumnMap(props.parameters ?? {});
    return {
      kind: 'statement',
      text,
      parameters: names.flatMap((name) => sources[name]?.render() ?? []),
    };
  }
  return {
    kind: 'table',
    table: (props.table ?? '').split('.'),
    columns: Object.entries(toColumnMap(props.columns ?? {})).map(([name, column]) => ({
      name,
      source: column.render(),
    })),
    conflictKey: [props.conflictKey ?? []].flat(),
  };
}
