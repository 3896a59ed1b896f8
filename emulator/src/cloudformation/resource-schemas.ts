/**
 * What the published schema of a resource type says, types as short strings:
 * scripts/generate-resource-schemas.mjs describes them and writes the files.
 */
export interface ResourceSchema {
  /** Properties or attributes that make up what `Ref` returns, joined by `|`. */
  readonly ref: readonly string[];
  /** Such as `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`. */
  readonly arn?: string;
  /** Names that `Fn::GetAtt` takes. */
  readonly attributes: readonly string[];
  /** Types of the attributes that are not strings. */
  readonly attributeTypes?: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  /** Properties that only a new resource can take. */
  readonly replaced?: readonly string[];
  /** Properties of which it depends whether an existing resource can take them. */
  readonly mayReplace?: readonly string[];
  /** The property types that `#Name` refers to. */
  readonly definitions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Schemas = ReadonlyMap<string, ResourceSchema>;

let schemas: Schemas | undefined;
let published: Schemas | undefined;

/**
 * The published schema of a resource type; undefined for one that there is none of: custom resources, and
 * `AWS::CDK::Metadata`.
 *
 * Those of the types that the emulator knows are read first, in 2 ms; those of all types, in 20 ms, once another is asked for.
 */
export function resourceSchema(type: string): ResourceSchema | undefined {
  schemas ??= loadKnown();
  const known = schemas.get(type);
  if (known || withoutSchema.some((prefix) => type.startsWith(prefix))) return known;
  published ??= loadPublished();
  return published.get(type);
}

/** Types of which it is known without looking that nothing is published. */
const withoutSchema = ['Custom::', 'AWS::CDK::', 'AWS::CloudFormation::CustomResource'];

function loadKnown(): Schemas {
  const module = require('./resource-schema-data') as typeof import('./resource-schema-data');
  return new Map(Object.entries(module.resourceSchemaData));
}

function loadPublished(): Schemas {
  const module = require('./published-schema-data') as typeof import('./published-schema-data');
  return new Map(Object.entries(module.publishedSchemaData()));
}
