import type { Clock } from '../../clock/clock';
import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf } from '../page';
import { invalid } from './errors';
import { logArn } from './log-arn';
import { type LogGroup, logGroupClassOf } from './log-group';
import type { LogGroups } from './log-groups';

/** The SDK's CloudWatch Logs module, by which operations are typed. */
export type LogsApi = typeof import('@aws-sdk/client-cloudwatch-logs');

/** Finds the groups that a call is addressed to. */
export type GroupsOf = (context: CallContext) => LogGroups;

const largestPage = 50;

/** Log groups: making, showing, keeping, tagging and deleting them. */
export function groupOperations(groupsOf: GroupsOf, clock: Clock) {
  return {
    CreateLogGroup(input, ctx) {
      ctx.authorize('logs:CreateLogGroup', logArn(ctx, input.logGroupName));
      acceptOnly('CreateLogGroup', input, ['logGroupName', 'kmsKeyId', 'tags', 'logGroupClass']);
      if (input.logGroupClass === 'DELIVERY')
        throw new NotImplementedError('logGroupClass DELIVERY');
      const group = groupsOf(ctx).create(input.logGroupName, clock.now(), {
        kmsKeyId: input.kmsKeyId,
        logGroupClass: logGroupClassOf(input.logGroupClass),
      });
      addTags(group, input.tags ?? {});
      return {};
    },

    DeleteLogGroup(input, ctx) {
      ctx.authorize('logs:DeleteLogGroup', logArn(ctx, input.logGroupName));
      groupsOf(ctx).delete(input.logGroupName);
      return {};
    },

    DescribeLogGroups(input, ctx) {
      ctx.authorize('logs:DescribeLogGroups', logArn(ctx, ''));
      acceptOnly('DescribeLogGroups', input, [
        'logGroupNamePrefix',
        'logGroupNamePattern',
        'logGroupClass',
        'nextToken',
        'limit',
      ]);
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '' } = input;
      if (prefix !== '' && part !== '')
        throw invalid(
          'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
        );
      const page = pageOf(
        groupsOf(ctx)
          .list()
          .filter(
            ({ name, logGroupClass }) =>
              name.startsWith(prefix) &&
              name.toLowerCase().includes(part.toLowerCase()) &&
              (input.logGroupClass ?? logGroupClass) === logGroupClass,
          ),
        (group) => group.name,
        Math.min(input.limit ?? largestPage, largestPage),
        input.nextToken,
        invalidToken,
      );
      return { logGroups: page.items.map(describeGroup), nextToken: page.nextToken };
    },

    PutRetentionPolicy(input, ctx) {
      ctx.authorize('logs:PutRetentionPolicy', logArn(ctx, input.logGroupName));
      groupsOf(ctx).get(input.logGroupName).keepFor(input.retentionInDays);
      return {};
    },

    DeleteRetentionPolicy(input, ctx) {
      ctx.authorize('logs:DeleteRetentionPolicy', logArn(ctx, input.logGroupName));
      groupsOf(ctx).get(input.logGroupName).keepFor(undefined);
      return {};
    },

    TagResource(input, ctx) {
      ctx.authorize('logs:TagResource', input.resourceArn);
      addTags(groupsOf(ctx).get(input.resourceArn), input.tags);
      return {};
    },

    UntagResource(input, ctx) {
      ctx.authorize('logs:UntagResource', input.resourceArn);
      const { tags } = groupsOf(ctx).get(input.resourceArn);
      for (const key of input.tagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource(input, ctx) {
      ctx.authorize('logs:ListTagsForResource', input.resourceArn);
      return { tags: Object.fromEntries(groupsOf(ctx).get(input.resourceArn).tags) };
    },

    TagLogGroup(input, ctx) {
      ctx.authorize('logs:TagLogGroup', logArn(ctx, input.logGroupName));
      addTags(groupsOf(ctx).get(input.logGroupName), input.tags);
      return {};
    },

    UntagLogGroup(input, ctx) {
      ctx.authorize('logs:UntagLogGroup', logArn(ctx, input.logGroupName));
      const { tags } = groupsOf(ctx).get(input.logGroupName);
      for (const key of input.tags) tags.delete(key);
      return {};
    },

    ListTagsLogGroup(input, ctx) {
      ctx.authorize('logs:ListTagsLogGroup', logArn(ctx, input.logGroupName));
      return { tags: Object.fromEntries(groupsOf(ctx).get(input.logGroupName).tags) };
    },
  } satisfies Handlers<LogsApi>;
}

/** The answer to a token that was never given out. */
export function invalidToken(): Error {
  return invalid('The specified nextToken is invalid.');
}

function addTags(group: LogGroup, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) group.tags.set(key, value);
  if (group.tags.size > 50) throw invalid('A resource can have at most 50 tags.');
}

function describeGroup(group: LogGroup) {
  const { kmsKeyId, logGroupClass } = group;
  return {
    logGroupName: group.name,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    creationTime: group.creationTime,
    retentionInDays: group.retentionInDays,
    metricFilterCount: group.metricFilters.size,
    storedBytes: group.storedBytes,
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    logGroupClass,
  };
}
