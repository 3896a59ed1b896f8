import { invalidValue } from './errors';

/** A condition of a describe call: one of the values must fit. */
export interface Filter {
  readonly Name?: string | undefined;
  readonly Values?: readonly string[] | undefined;
}

type FilterValue = string | number | boolean | undefined;

/** What a filter looks at, by its name: one value of a resource, or several of which one must fit. */
export type FilterTable<T> = Readonly<
  Record<string, (resource: T) => FilterValue | readonly FilterValue[]>
>;

/** Filters by tags, which most describe calls have. */
export function tagFilters(
  name: string,
):
  | ((resource: { readonly tags: ReadonlyMap<string, string> }) => readonly FilterValue[])
  | undefined {
  if (name === 'tag-key') return ({ tags }) => [...tags.keys()];
  if (!name.startsWith('tag:')) return undefined;
  const key = name.slice('tag:'.length);
  return ({ tags }) => [tags.get(key)];
}

/**
 * Those that meet every filter. Values may hold `*` and `?`, and `\` before either; case counts.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 * @throws ServiceError for a filter that is not in the table.
 */
export function filtered<T>(
  resources: readonly T[],
  filters: readonly Filter[] | undefined,
  table: FilterTable<T>,
  byTags?: (name: string) => FilterTable<T>[string] | undefined,
): T[] {
  const conditions = (filters ?? []).map(({ Name: name = '', Values: values = [] }) => {
    const valuesOf = Object.hasOwn(table, name) ? table[name] : byTags?.(name);
    if (!valuesOf) throw invalidValue(`The filter '${name}' is invalid`);
    const patterns = values.map(pattern);
    return (resource: T) => {
      const found = valuesOf(resource);
      const all: readonly FilterValue[] = Array.isArray(found) ? found : [found];
      return all.some(
        (value) => value !== undefined && patterns.some((one) => one.test(String(value))),
      );
    };
  });
  return resources.filter((resource) => conditions.every((meets) => meets(resource)));
}

function pattern(value: string): RegExp {
  const source = value.replace(/\\[*?\\]|[\\^$.*+?()[\]{}|]/g, (text) => {
    if (text === '*') return '.*';
    if (text === '?') return '.';
    return text.length === 2 ? text : `\\${text}`;
  });
  return new RegExp(`^${source}$`, 's');
}
