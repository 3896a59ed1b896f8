import type { ResourceProperties, TemplateValue } from '../../../cloudformation/provider';

/** Streams are refused by name, so that nobody waits for records that never come. */
export function unsupportedStream(type: string, properties: ResourceProperties): string[] {
  const { StreamSpecification: stream } = properties;
  return stream === undefined || stream === null
    ? []
    : [
        `${type} does not support DynamoDB Streams: StreamSpecification (${JSON.stringify(stream)})`,
      ];
}

/** Reasons against settings of global secondary indexes that are not there. */
export function unsupportedIndexSettings(
  type: string,
  { GlobalSecondaryIndexes: indexes }: ResourceProperties,
  supported: readonly string[],
): string[] {
  const known = ['IndexName', 'KeySchema', 'Projection', ...supported];
  return listOf(indexes).flatMap((index) =>
    Object.keys(index)
      .filter((name) => !known.includes(name))
      .map((name) => `${type} does not support ${name} of GlobalSecondaryIndexes`),
  );
}

/** The objects of a list; anything else is for the schema check to name. */
export function listOf(value: TemplateValue | undefined): ResourceProperties[] {
  return Array.isArray(value) ? value.filter(isProperties) : [];
}

function isProperties(value: TemplateValue): value is ResourceProperties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
