import type { TemplateValue } from '../cloudformation/provider';

/**
 * What a service keeps as JSON text, for a provider's `read`.
 *
 * @param options.orText - whether text that is no JSON stands for itself
 */
export function documentOf(
  text: string | undefined,
  { orText = false }: { readonly orText?: boolean } = {},
): TemplateValue | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (orText) return text;
    throw error;
  }
}

/** Tags in CloudFormation's list form, for a provider's `read`. */
export function tagList(
  tags: ReadonlyMap<string, string> | Readonly<Record<string, string>>,
): TemplateValue[] {
  const entries = tags instanceof Map ? [...tags] : Object.entries(tags);
  return entries.map(([Key, Value]) => ({ Key, Value }));
}

/**
 * What a service has, in the template's spelling where both mean the same: a name for an ARN, say.
 *
 * @param normal - gives everything that means the same one spelling
 */
export function spelledAs(
  given: TemplateValue | undefined,
  live: string | undefined,
  normal: (text: string) => string,
): TemplateValue | undefined {
  if (typeof given !== 'string' || live === undefined) return live;
  return normal(given) === normal(live) ? given : live;
}
