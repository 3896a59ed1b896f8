/**
 * What the published schema of a resource type says, types as short strings:
 * scripts/generate-resource-schemas.mjs describes them and writes the file.
 */
export interface ResourceSchema {
  /** Properties or attributes that make up what `Ref` returns, joined by `|`. */
  readonly ref: readonly string[];
  /** Such as `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`. */
  readonly arn?: string;
  /** Names that `Fn::GetAtt` takes. */
  readonly attributes: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  /** Properties that only a new resource can take. */
  readonly replaced?: readonly string[];
  /** Properties of which it depends whether an existing resource can take them. */
  readonly mayReplace?: readonly string[];
  /** The property types that `#Name` refers to. */
  readonly definitions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

let schemas: ReadonlyMap<string, ResourceSchema> | undefined;

/** The published schema of a resource type; undefined for one that the generated file lacks. */
export function resourceSchema(type: string): ResourceSchema | undefined {
  schemas ??= load();
  return schemas.get(type);
}

function load(): ReadonlyMap<string, ResourceSchema> {
  const module = require('./resource-schema-data') as typeof import('./resource-schema-data');
  return new Map(Object.entries(module.resourceSchemaData));
}
