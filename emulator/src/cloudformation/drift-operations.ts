import type { StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { CallContext, Handlers } from '../protocol/handlers';
import { Constraints } from '../services/constraints';
import { pageOf } from '../services/page';
import type { CloudFormation } from './cloudformation';
import type { DriftDetections } from './drift-detections';
import { authorizeStack } from './operation-input';
import type { TemplateValue } from './provider';
import type { Stack } from './stack';
import type { ResourceDrift } from './stack-drift';
import { validationError } from './template-errors';

type Client = typeof import('@aws-sdk/client-cloudformation');

/** Drift detection. A detection is done when its first status is asked for: nothing that it reads takes time. */
export function driftOperations(
  engine: CloudFormation,
  detections: DriftDetections,
): Handlers<Client> {
  const find = (name: string, { account, region }: CallContext) =>
    engine.describe(name, account, region);

  return {
    DetectStackDrift({ LogicalResourceIds: logicalIds, StackName: name }, context) {
      const stack = find(name, context);
      authorizeStack('DetectStackDrift', stack, context);
      new Constraints('ValidationError').length('logicalResourceIds', logicalIds, 1, 200).check();
      return { StackDriftDetectionId: detections.begin(stack, logicalIds, context).id };
    },

    DescribeStackDriftDetectionStatus({ StackDriftDetectionId: id }, context) {
      context.authorize('cloudformation:DescribeStackDriftDetectionStatus', '*');
      const { result, stackId, startedAt } = detections.get(id);
      return {
        StackId: stackId,
        StackDriftDetectionId: id,
        StackDriftStatus: result?.stackStatus,
        DetectionStatus: result?.status ?? 'DETECTION_IN_PROGRESS',
        DetectionStatusReason: result?.reason,
        DriftedStackResourceCount: result?.drifted,
        Timestamp: new Date(startedAt),
      };
    },

    async DetectStackResourceDrift({ LogicalResourceId: logicalId, StackName: name }, context) {
      const stack = find(name, context);
      authorizeStack('DetectStackResourceDrift', stack, context);
      const found = await detections.checkResource(stack, logicalId, context);
      return { StackResourceDrift: describeDrift(stack, found) };
    },

    DescribeStackResourceDrifts(input, context) {
      const stack = find(input.StackName, context);
      authorizeStack('DescribeStackResourceDrifts', stack, context);
      const { MaxResults: size = 100, NextToken: token } = input;
      new Constraints('ValidationError').range('maxResults', size, 1, 100).check();
      const wanted: readonly string[] | undefined = input.StackResourceDriftStatusFilters;
      const found = stack.drift.resources.filter(
        ({ status }) => wanted === undefined || wanted.includes(status),
      );
      const invalid = () => validationError('Invalid pagination token');
      const page = pageOf(found, ({ logicalId }) => logicalId, size, token, invalid);
      return {
        StackResourceDrifts: page.items.map((drift) => describeDrift(stack, drift)),
        NextToken: page.nextToken,
      };
    },
  };
}

function describeDrift(stack: Stack, drift: ResourceDrift): StackResourceDrift {
  return {
    StackId: stack.id,
    LogicalResourceId: drift.logicalId,
    PhysicalResourceId: drift.physicalId,
    ResourceType: drift.type,
    ExpectedProperties: drift.expected && JSON.stringify(drift.expected),
    ActualProperties: drift.actual && JSON.stringify(drift.actual),
    PropertyDifferences: drift.differences.map(({ actual, expected, kind, path }) => ({
      PropertyPath: path,
      ExpectedValue: textOf(expected),
      ActualValue: textOf(actual),
      DifferenceType: kind,
    })),
    StackResourceDriftStatus: drift.status,
    DriftStatusReason: drift.reason,
    Timestamp: new Date(drift.checkedAt),
  };
}

/** Text as it is, everything else as JSON; `null` for what is not there. */
function textOf(value: TemplateValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
