/** Props of a sink that are about its function. */
const FUNCTION_PROPS = [
  'logEncryptionKey',
  'logRetention',
  'memorySize',
  'securityGroups',
  'vpcSubnets',
] as const;

/** What of a sink's props is about a function, where there is none. */
export function functionPropsFailures(
  props: Readonly<Partial<Record<(typeof FUNCTION_PROPS)[number], unknown>>>,
): string[] {
  const given = FUNCTION_PROPS.filter((name) => props[name] !== undefined);
  return given.length === 0
    ? []
    : [`${given.join(', ')} are for a function: say it of the instances, and leave it out here`];
}
