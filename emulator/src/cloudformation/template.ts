import { NotImplementedError } from '../protocol/errors';
import type { TemplateValue } from './provider';
import { templateFormatError, validationError } from './template-errors';
import {
  checkMappingForm,
  checkParameterForm,
  dependsOn,
  description,
  requireAlphanumeric,
} from './template-form';
import { parseTemplateText } from './template-parser';
import { isList, isObject, type TemplateObject } from './values';

/** What happens to a resource when its stack is deleted. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

/** A resource as a template declares it: its properties still hold intrinsic functions. */
export interface ResourceDeclaration {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: TemplateObject;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  readonly deletionPolicy: DeletionPolicy;
  /** Whether the template names it: what is imported has to have one. */
  readonly hasDeletionPolicy: boolean;
  /** What happens to it when an update replaces it. */
  readonly updateReplacePolicy: Exclude<DeletionPolicy, 'RetainExceptOnCreate'>;
  readonly metadata: TemplateValue;
  /** How an Auto Scaling group is updated: may hold intrinsic functions. */
  readonly updatePolicy: TemplateObject;
  /** Attributes that the emulator cannot honour, such as `CreationPolicy`. */
  readonly unsupportedAttributes: readonly string[];
}

/** An output as a template declares it. */
export interface OutputDeclaration {
  readonly key: string;
  readonly value: TemplateValue;
  readonly description?: string;
  readonly exportName?: TemplateValue;
  readonly condition?: string;
}

/** A parsed template. */
export interface Template {
  /** As it was submitted: GetTemplate returns it verbatim. */
  readonly text: string;
  readonly description?: string;
  readonly parameters: TemplateObject;
  readonly mappings: TemplateObject;
  readonly conditions: TemplateObject;
  readonly rules: TemplateObject;
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly outputs: readonly OutputDeclaration[];
  readonly transforms: readonly string[];
}

/** The template of a stack that has none yet. */
export const emptyTemplate: Template = {
  text: '{}',
  parameters: {},
  mappings: {},
  conditions: {},
  rules: {},
  resources: new Map(),
  outputs: [],
  transforms: [],
};

const sections = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const limits = { Mappings: 200, Outputs: 200, Parameters: 200, Resources: 500 } as const;

/** Of a template at a URL; one in a call may have 51,200. */
const largestTemplate = 1_000_000;

const snapshotTypes = [
  'AWS::DocDB::DBCluster',
  'AWS::EC2::Volume',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::Neptune::DBCluster',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
];

/**
 * Reads a template, JSON or YAML, and checks its form.
 *
 * @throws ServiceError `ValidationError`, in CloudFormation's words.
 */
export function parseTemplate(text: string): Template {
  if (Buffer.byteLength(text) > largestTemplate) {
    throw validationError(`Template may not exceed ${largestTemplate} bytes in size.`);
  }
  const document = parseTemplateText(text);
  if (!isObject(document)) throw templateFormatError('unsupported structure.');
  const unknown = Object.keys(document).filter((key) => !sections.includes(key));
  if (unknown.length > 0) {
    throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  }
  const version = document.AWSTemplateFormatVersion;
  if (version !== undefined && version !== '2010-09-09') {
    throw templateFormatError(`Unrecognized template format version: ${String(version)}`);
  }
  for (const [name, limit] of Object.entries(limits)) {
    const count = Object.keys(section(document, name)).length;
    if (count > limit) {
      throw templateFormatError(
        `Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${limit}`,
      );
    }
  }
  const resources = Object.entries(section(document, 'Resources'));
  if (resources.length === 0) {
    throw templateFormatError('At least one Resources member must be defined.');
  }
  const conditions = section(document, 'Conditions');
  const template: Template = {
    text,
    description: description(document.Description),
    parameters: section(document, 'Parameters'),
    mappings: section(document, 'Mappings'),
    conditions,
    rules: section(document, 'Rules'),
    resources: new Map(resources.map(([id, body]) => [id, resourceDeclaration(id, body)])),
    outputs: Object.entries(section(document, 'Outputs')).map(([key, body]) =>
      outputDeclaration(key, body),
    ),
    transforms: transforms(document.Transform),
  };
  checkParameterForm(template.parameters);
  checkMappingForm(template.mappings);
  const twice = Object.keys(template.parameters).filter((name) => template.resources.has(name));
  if (twice.length > 0) {
    throw templateFormatError(
      `Names of parameters and resources must be unique within a template: [${twice.join(', ')}]`,
    );
  }
  for (const { condition, logicalId } of template.resources.values()) {
    if (condition !== undefined && !(condition in conditions)) {
      throw templateFormatError(
        `Unresolved condition dependency ${condition} in the Resources block of the template for ${logicalId}`,
      );
    }
  }
  return template;
}

function section(document: TemplateObject, name: string): TemplateObject {
  const value = document[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw templateFormatError(`[/${name}] must be an object`);
  return value;
}

function transforms(value: TemplateValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  return (isList<TemplateValue>(value) ? value : [value]).map((item) =>
    isObject(item) ? String(item.Name) : String(item),
  );
}

const resourceAttributes = [
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
  'Version',
];

function resourceDeclaration(logicalId: string, body: TemplateValue): ResourceDeclaration {
  requireAlphanumeric('Resource', logicalId);
  if (!isObject(body)) {
    throw templateFormatError(
      `Every Resources object must contain a Type member. [${logicalId}] is not an object`,
    );
  }
  if ('Fn::Transform' in body) throw new NotImplementedError(`Fn::Transform in ${logicalId}`);
  const unknown = Object.keys(body).find((key) => !resourceAttributes.includes(key));
  if (unknown !== undefined) {
    throw validationError(`Invalid template resource property '${unknown}'`);
  }
  if (typeof body.Type !== 'string') {
    throw templateFormatError(
      `[/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  }
  const properties = body.Properties ?? {};
  if (!isObject(properties)) {
    throw templateFormatError(`[/Resources/${logicalId}/Properties] must be an object`);
  }
  refuseNull(properties, `/Resources/${logicalId}/Properties`);
  const updatePolicy = body.UpdatePolicy ?? {};
  if (!isObject(updatePolicy)) {
    throw templateFormatError(`[/Resources/${logicalId}/UpdatePolicy] must be an object`);
  }
  return {
    logicalId,
    type: body.Type,
    properties,
    dependsOn: dependsOn(body.DependsOn),
    condition: body.Condition === undefined ? undefined : String(body.Condition),
    deletionPolicy: deletionPolicy(logicalId, body.Type, body.DeletionPolicy),
    hasDeletionPolicy: body.DeletionPolicy !== undefined,
    updateReplacePolicy: updateReplacePolicy(logicalId, body.Type, body.UpdateReplacePolicy),
    metadata: body.Metadata ?? {},
    updatePolicy,
    unsupportedAttributes: body.CreationPolicy === undefined ? [] : ['CreationPolicy'],
  };
}

function refuseNull(value: TemplateValue, path: string): void {
  if (value === null) {
    throw templateFormatError(`[${path}] 'null' values are not allowed in templates`);
  }
  if (typeof value !== 'object') return;
  for (const [key, member] of Object.entries(value)) refuseNull(member, `${path}/${key}`);
}

function deletionPolicy(
  logicalId: string,
  type: string,
  value: TemplateValue | undefined,
): DeletionPolicy {
  switch (value) {
    case undefined:
      return 'Delete';
    case 'Delete':
    case 'Retain':
    case 'RetainExceptOnCreate':
      return value;
    case 'Snapshot':
      if (!snapshotTypes.includes(type)) {
        throw templateError(
          logicalId,
          `DeletionPolicy Snapshot is not supported by resource type ${type}`,
        );
      }
      return value;
    default:
      throw templateFormatError(
        `Unrecognized DeletionPolicy ${JSON.stringify(value)} for ${logicalId}`,
      );
  }
}

function updateReplacePolicy(
  logicalId: string,
  type: string,
  value: TemplateValue | undefined,
): ResourceDeclaration['updateReplacePolicy'] {
  const policy =
    value === 'RetainExceptOnCreate' ? undefined : deletionPolicy(logicalId, type, value);
  if (policy === undefined || policy === 'RetainExceptOnCreate') {
    throw templateFormatError(
      `Unrecognized UpdateReplacePolicy ${JSON.stringify(value)} for ${logicalId}`,
    );
  }
  return policy;
}

function templateError(logicalId: string, reason: string) {
  return validationError(`Template error: ${logicalId}: ${reason}`);
}

function outputDeclaration(key: string, body: TemplateValue): OutputDeclaration {
  requireAlphanumeric('Output', key);
  if (!isObject(body) || body.Value === undefined) {
    throw templateFormatError(
      `Output ${key} is malformed. Every Outputs member must contain a Value object`,
    );
  }
  return {
    key,
    value: body.Value,
    description: description(body.Description),
    exportName: isObject(body.Export) ? body.Export.Name : undefined,
    condition: body.Condition === undefined ? undefined : String(body.Condition),
  };
}
