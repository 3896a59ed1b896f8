import type {
  Change as ChangeDescription,
  ChangeSetSummary,
  DescribeChangeSetOutput,
  ResourceChangeDetail,
} from '@aws-sdk/client-cloudformation';
import { type ChangeSet, executionStatus } from './change-sets';
import type { PropertyDifference } from './property-changes';
import { sameValue } from './property-changes';
import type { ResourceIdentifier, TemplateValue } from './provider';
import { isCapability } from './responses';
import type { ResourceChange } from './stack-changes';
import type { Template } from './template';
import {
  isList,
  isObject,
  isPartialObject,
  isScalar,
  type PartialValue,
  unresolved,
} from './values';

/** What AWS shows for a value that only the execution will bring. */
const knownAfterApply = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** A change set as DescribeChangeSet returns it, without its changes. */
export function describeChangeSet(changeSet: ChangeSet): DescribeChangeSetOutput {
  const { preview, what } = changeSet;
  return {
    ...summarizeChangeSet(changeSet),
    Parameters: [...preview.prepared.parameters.values()].map(({ key, resolvedValue, shown }) => ({
      ParameterKey: key,
      ParameterValue: shown,
      ResolvedValue: resolvedValue,
    })),
    Capabilities: (what.request.capabilities ?? []).filter(isCapability),
    Tags: Object.entries(preview.tags).map(([key, value]) => ({ Key: key, Value: value })),
    DeploymentConfig: {
      Mode: what.request.express ? 'EXPRESS' : 'STANDARD',
      DisableRollback:
        what.type === 'UPDATE'
          ? what.request.disableRollback
          : what.request.onFailure === 'DO_NOTHING',
    },
    NotificationARNs: [...preview.prepared.scopeOptions.notificationArns],
    RollbackConfiguration: {},
  };
}

/** A change set as ListChangeSets returns it. */
export function summarizeChangeSet(changeSet: ChangeSet): ChangeSetSummary {
  return {
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    StackId: changeSet.preview.stack.id,
    StackName: changeSet.preview.stack.name,
    Description: changeSet.description,
    CreationTime: new Date(changeSet.creationTime),
    Status: changeSet.failure === undefined ? 'CREATE_COMPLETE' : 'FAILED',
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
    StatusReason: changeSet.failure ?? (changeSet.rootId && 'Executable from root change set'),
    ExecutionStatus: executionStatus(changeSet),
    ParentChangeSetId: changeSet.parentId,
    RootChangeSetId: changeSet.rootId,
    IncludeNestedStacks: changeSet.includeNestedStacks,
    ImportExistingResources: changeSet.importExistingResources,
  };
}

/** What a change set does with each resource. @param values - whether to show properties' values */
export function describeChanges(
  { children, identity, imports, preview }: ChangeSet,
  values: boolean,
): ChangeDescription[] {
  const { changes, prepared } = preview;
  return changes.resources.map((change) => ({
    Type: 'Resource',
    ResourceChange: {
      Action: imports.has(change.logicalId) ? 'Import' : change.action,
      LogicalResourceId: change.logicalId,
      PhysicalResourceId:
        change.physicalId ??
        children.get(change.logicalId)?.preview.stack.id ??
        identifierText(imports.get(change.logicalId)),
      ResourceType: change.type,
      Replacement: change.replacement,
      ChangeSetId: children.get(change.logicalId)?.id,
      Scope: [
        ...(change.properties.length > 0 ? (['Properties'] as const) : []),
        ...change.attributes,
      ],
      Details: details(change, identity.template, prepared.template, values),
      BeforeContext: values ? context(change.before) : undefined,
      AfterContext: values ? context(change.after) : undefined,
    },
  }));
}

function identifierText(identifier: ResourceIdentifier | undefined): string | undefined {
  return identifier && Object.values(identifier).join('|');
}

function details(
  change: ResourceChange,
  before: Template,
  after: Template,
  values: boolean,
): ResourceChangeDetail[] {
  const { attributes, logicalId, properties } = change;
  return [
    ...properties.map((difference): ResourceChangeDetail => {
      const source = sourceOf(
        before.resources.get(logicalId)?.properties[difference.name],
        after.resources.get(logicalId)?.properties[difference.name],
        after,
      );
      return {
        Target: {
          Attribute: 'Properties',
          Name: difference.name,
          RequiresRecreation: recreation(difference),
          Path: `/Properties/${difference.name}`,
          BeforeValue: values ? text(difference.before) : undefined,
          AfterValue: values ? text(difference.after) : undefined,
          AttributeChangeType: changeType(difference),
        },
        Evaluation: difference.certain ? 'Static' : 'Dynamic',
        ...source,
      };
    }),
    ...attributes.map(
      (attribute): ResourceChangeDetail => ({
        Target: { Attribute: attribute, RequiresRecreation: 'Never' },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      }),
    ),
  ];
}

function recreation({ certain, replacement }: PropertyDifference) {
  return replacement === 'Always' && !certain ? 'Conditionally' : replacement;
}

function changeType({ after, before }: PropertyDifference) {
  if (before === undefined) return 'Add';
  return after === undefined ? 'Remove' : 'Modify';
}

/** Whether the template itself says something else now, or only what it refers to has changed. */
function sourceOf(
  before: TemplateValue | undefined,
  after: TemplateValue | undefined,
  template: Template,
): Pick<ResourceChangeDetail, 'CausingEntity' | 'ChangeSource'> {
  const reference = sameValue(before, after) ? firstReference(after) : undefined;
  if (reference === undefined) return { ChangeSource: 'DirectModification' };
  if (reference.includes('.')) {
    return { ChangeSource: 'ResourceAttribute', CausingEntity: reference };
  }
  const source = reference in template.parameters ? 'ParameterReference' : 'ResourceReference';
  return { ChangeSource: source, CausingEntity: reference };
}

function firstReference(value: TemplateValue | undefined): string | undefined {
  if (isList<TemplateValue>(value)) return firstOf(value);
  if (!isObject(value)) return undefined;
  if (typeof value.Ref === 'string' && !value.Ref.startsWith('AWS::')) return value.Ref;
  const attribute = value['Fn::GetAtt'];
  if (isList<TemplateValue>(attribute)) return attribute.filter(isScalar).join('.');
  if (typeof attribute === 'string') return attribute;
  const pattern = value['Fn::Sub'];
  const [substituted] = isList<TemplateValue>(pattern) ? pattern : [pattern];
  if (typeof substituted === 'string') {
    const name = /\$\{((?!AWS::)[^!}][^}]*)\}/.exec(substituted)?.[1];
    if (name !== undefined) return name;
  }
  return firstOf(Object.values(value));
}

function firstOf(values: readonly TemplateValue[]): string | undefined {
  for (const value of values) {
    const found = firstReference(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function context(properties: PartialValue | undefined): string | undefined {
  return properties === undefined
    ? undefined
    : JSON.stringify({ Properties: withPlaceholders(properties) });
}

function text(value: PartialValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (isScalar(value)) return String(value);
  const shown = withPlaceholders(value);
  return typeof shown === 'string' ? shown : JSON.stringify(shown);
}

function withPlaceholders(value: PartialValue): TemplateValue {
  if (value === unresolved) return knownAfterApply;
  if (isList<PartialValue>(value)) return value.map(withPlaceholders);
  if (isPartialObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withPlaceholders(item)]),
    );
  }
  return value;
}
