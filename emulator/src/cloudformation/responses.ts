import type {
  Stack as StackDescription,
  StackEvent as StackEventDescription,
  StackResource as StackResourceDescription,
  StackResourceSummary,
  StackSummary,
} from '@aws-sdk/client-cloudformation';
import type { Stack, StackEvent, StackResource } from './stack';

/** A stack as DescribeStacks returns it. */
export function describeStack(stack: Stack): StackDescription {
  const { capabilities, parameters, parentId, tags, template } = stack.identity;
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: template.description,
    Parameters: parameters.map(({ key, resolvedValue, shown }) => ({
      ParameterKey: key,
      ParameterValue: shown,
      ResolvedValue: resolvedValue,
    })),
    CreationTime: new Date(stack.creationTime),
    LastUpdatedTime: stack.updateTime === undefined ? undefined : new Date(stack.updateTime),
    DeletionTime: stack.deletionTime === undefined ? undefined : new Date(stack.deletionTime),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.identity.disableRollback,
    DeploymentConfig: {
      Mode: stack.identity.express ? 'EXPRESS' : 'STANDARD',
      DisableRollback: stack.identity.disableRollback,
    },
    NotificationARNs: [...stack.notificationArns],
    Capabilities: capabilities.filter(isCapability),
    Outputs: stack.outputs.map(({ description, exportName, key, value }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    Tags: Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value })),
    EnableTerminationProtection: stack.terminationProtection,
    RoleARN: stack.roleArn,
    ParentId: parentId,
    RootId: stack.identity.rootId,
    DriftInformation: driftOfStack(stack),
  };
}

/** A stack as ListStacks returns it. */
export function summarizeStack(stack: Stack): StackSummary {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.identity.template.description,
    CreationTime: new Date(stack.creationTime),
    LastUpdatedTime: stack.updateTime === undefined ? undefined : new Date(stack.updateTime),
    DeletionTime: stack.deletionTime === undefined ? undefined : new Date(stack.deletionTime),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    ParentId: stack.identity.parentId,
    RootId: stack.identity.rootId,
    DriftInformation: driftOfStack(stack),
  };
}

/** An event as DescribeStackEvents returns it. */
export function describeStackEvent(event: StackEvent): StackEventDescription {
  return {
    StackId: event.stackId,
    EventId: event.eventId,
    StackName: event.stackName,
    LogicalResourceId: event.logicalResourceId,
    PhysicalResourceId: event.physicalResourceId,
    ResourceType: event.resourceType,
    Timestamp: new Date(event.timestamp),
    // Events of a stack itself have statuses that the SDK's enumeration lacks, and AWS returns them.
    ResourceStatus: event.resourceStatus as StackEventDescription['ResourceStatus'],
    ResourceStatusReason: event.resourceStatusReason,
    ResourceProperties: event.resourceProperties,
    ClientRequestToken: event.clientRequestToken,
  };
}

/** A resource as DescribeStackResources returns it. */
export function describeStackResource(
  stack: Stack,
  resource: StackResource,
): StackResourceDescription {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.state?.physicalId,
    ResourceType: resource.type,
    Timestamp: new Date(resource.lastUpdated),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: driftOfResource(stack, resource),
  };
}

/** A resource as ListStackResources returns it. */
export function summarizeStackResource(
  stack: Stack,
  resource: StackResource,
): StackResourceSummary {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.state?.physicalId,
    ResourceType: resource.type,
    LastUpdatedTimestamp: new Date(resource.lastUpdated),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: driftOfResource(stack, resource),
  };
}

function driftOfStack({ drift }: Stack) {
  const { lastCheck, status } = drift;
  return {
    StackDriftStatus: status,
    LastCheckTimestamp: lastCheck === undefined ? undefined : new Date(lastCheck),
  };
}

function driftOfResource(
  { drift }: Stack,
  { logicalId }: StackResource,
): NonNullable<StackResourceDescription['DriftInformation']> {
  const found = drift.of(logicalId);
  return {
    StackResourceDriftStatus: found?.status ?? 'NOT_CHECKED',
    LastCheckTimestamp: found && new Date(found.checkedAt),
  };
}

type Capability = NonNullable<StackDescription['Capabilities']>[number];

/** Whether it is one of the capabilities that the API knows. */
export function isCapability(text: string): text is Capability {
  return ['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'].includes(text);
}
