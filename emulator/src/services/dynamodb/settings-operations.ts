import type { ContinuousBackupsDescription } from '@aws-sdk/client-dynamodb';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { checkPolicy, policyNotFound } from './resource-policy';
import type { DynamoDbState } from './state';
import type { Table } from './table';
import { requiredTableArn, tableArn } from './table-address';
import { checkTags, requireFewTags } from './tags';

type Client = typeof import('@aws-sdk/client-dynamodb');

/** Days that point-in-time recovery reaches back where nothing is said. */
const recoveryDays = 35;

/** Operations on what a table has besides its items: time to live, backups, tags, a policy. */
export function settingsOperations(state: DynamoDbState): Handlers<Client> {
  const tableOfArn = (arn: string, context: CallContext): Table => {
    const address = requiredTableArn(arn);
    context.authorize(`dynamodb:${context.operation}`, tableArn(address));
    return state.find(address);
  };
  const tableOf = (nameOrArn: string, context: CallContext): Table => {
    const address = state.permit(nameOrArn, context);
    return state.in(address).get(address.name);
  };

  return {
    UpdateTimeToLive(input, context) {
      const address = state.permit(input.TableName, context);
      const table = state.in(address).changeable(address.name);
      const { AttributeName: attribute = '', Enabled: enabled = false } =
        input.TimeToLiveSpecification;
      new Constraints('ValidationException')
        .length('timeToLiveSpecification.attributeName', attribute, 1, 255)
        .check();
      table.timeToLive.change(attribute, enabled);
      return { TimeToLiveSpecification: input.TimeToLiveSpecification };
    },

    DescribeTimeToLive(input, context) {
      return { TimeToLiveDescription: tableOf(input.TableName, context).timeToLive.describe() };
    },

    UpdateContinuousBackups(input, context) {
      const address = state.permit(input.TableName, context);
      const table = state.in(address).usable(address.name);
      const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } =
        input.PointInTimeRecoverySpecification;
      new Constraints('ValidationException')
        .range('pointInTimeRecoverySpecification.recoveryPeriodInDays', days, 1, 35)
        .check();
      table.pointInTimeRecovery = enabled
        ? {
            enabledAt: table.pointInTimeRecovery?.enabledAt ?? state.clock.now(),
            recoveryPeriodInDays: days ?? recoveryDays,
          }
        : undefined;
      return { ContinuousBackupsDescription: describeBackups(table, state.clock.now()) };
    },

    DescribeContinuousBackups(input, context) {
      const table = tableOf(input.TableName, context);
      return { ContinuousBackupsDescription: describeBackups(table, state.clock.now()) };
    },

    TagResource(input, context) {
      const table = tableOfArn(input.ResourceArn, context);
      const tags = new Map([...table.tags, ...checkTags(input.Tags)]);
      requireFewTags(tags);
      for (const [key, value] of tags) table.tags.set(key, value);
      return {};
    },

    UntagResource(input, context) {
      const table = tableOfArn(input.ResourceArn, context);
      for (const key of input.TagKeys) table.tags.delete(key);
      return {};
    },

    ListTagsOfResource(input, context) {
      acceptOnly('ListTagsOfResource', input, ['ResourceArn']);
      const { tags } = tableOfArn(input.ResourceArn, context);
      return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },

    PutResourcePolicy(input, context) {
      acceptOnly('PutResourcePolicy', input, ['ResourceArn', 'Policy', 'ExpectedRevisionId']);
      const table = tableOfArn(input.ResourceArn, context);
      checkPolicy(input.Policy);
      requireRevision(table, input.ExpectedRevisionId);
      return { RevisionId: state.putPolicy(table, input.Policy) };
    },

    GetResourcePolicy(input, context) {
      const { arn, resourcePolicy: policy } = tableOfArn(input.ResourceArn, context);
      if (!policy)
        throw policyNotFound(
          `Resource-based policy not found for the provided ResourceArn: ${arn}`,
        );
      return { Policy: policy.document, RevisionId: policy.revision };
    },

    DeleteResourcePolicy(input, context) {
      const table = tableOfArn(input.ResourceArn, context);
      requireRevision(table, input.ExpectedRevisionId);
      const revision = table.resourcePolicy?.revision;
      table.resourcePolicy = undefined;
      return { RevisionId: revision };
    },

    DescribeLimits(_input, context) {
      context.authorize('dynamodb:DescribeLimits', '*');
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
      return {
        AccountMaxReadCapacityUnits: 80_000,
        AccountMaxWriteCapacityUnits: 80_000,
        TableMaxReadCapacityUnits: 40_000,
        TableMaxWriteCapacityUnits: 40_000,
      };
    },

    DescribeEndpoints(_input, context) {
      context.authorize('dynamodb:DescribeEndpoints', '*');
      return {
        Endpoints: [{ Address: new URL(context.origin).host, CachePeriodInMinutes: 1440 }],
      };
    },
  };
}

function describeBackups(
  { pointInTimeRecovery: recovery }: Table,
  now: number,
): ContinuousBackupsDescription {
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: recovery
      ? {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: recovery.recoveryPeriodInDays,
          EarliestRestorableDateTime: new Date(
            Math.max(recovery.enabledAt, now - recovery.recoveryPeriodInDays * 86_400_000),
          ),
          // AWS: five minutes before now.
          LatestRestorableDateTime: new Date(Math.max(recovery.enabledAt, now - 300_000)),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  };
}

/** `NO_POLICY` stands for there being none. */
function requireRevision({ resourcePolicy }: Table, expected: string | undefined): void {
  if (expected === undefined || expected === (resourcePolicy?.revision ?? 'NO_POLICY')) return;
  throw policyNotFound('The resource-based policy does not have the expected revision');
}
