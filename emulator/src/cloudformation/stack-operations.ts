import type { Clock } from '../clock/clock';
import type { Authorize } from '../iam/caller';
import type { CallContext, Handlers, InputOf } from '../protocol/handlers';
import { acceptOnly } from '../services/accepted-parameters';
import type { CloudFormation } from './cloudformation';
import { deployer } from './deployment-role';
import {
  announcementOf,
  authorizeStack,
  checkNotificationArns,
  deploymentSettings,
  inBackground,
  parametersOf,
  partOf,
  tagsOf,
  templateOf,
} from './operation-input';
import {
  describeStack,
  describeStackEvent,
  describeStackResource,
  summarizeStack,
  summarizeStackResource,
} from './responses';
import type { Stack, StackEvent } from './stack';
import type { StackNotifications } from './stack-notifications';
import { validationError } from './template-errors';

type Client = typeof import('@aws-sdk/client-cloudformation');

/**
 * The operations of AWS CloudFormation on stacks. Those that create, update or delete answer once the work has
 * begun, as on AWS.
 */
export function stackOperations(
  engine: CloudFormation,
  clock: Clock,
  authorize: Authorize,
  notifications: StackNotifications,
): Handlers<Client> {
  const find = (name: string, { account, region }: CallContext) =>
    engine.describe(name, account, region);
  const existing = (name: string | undefined, { account, region }: CallContext) =>
    engine.find(name ?? '', account, region);

  return {
    async CreateStack(input, context) {
      acceptOnly('cloudformation.CreateStack', input, createParameters);
      const { StackName: name } = input;
      authorizeStack('CreateStack', name, context);
      const { parameters, previousParameters } = parametersOf(input.Parameters);
      if (previousParameters.length > 0) {
        throw validationError('A new stack has no previous values of parameters.');
      }
      const { disableRollback, express } = deploymentSettings(
        input.DeploymentConfig,
        input.DisableRollback,
      );
      const working = deployer(input.RoleARN, undefined, context, authorize);
      checkNotificationArns(input.NotificationARNs, working.caller, notifications);
      const operation = await engine.beginCreate({
        name,
        template: (await templateOf(engine, input, context)) ?? '',
        parameters,
        tags: tagsOf(input.Tags ?? []),
        account: context.account,
        region: context.region,
        ...working,
        ...announcementOf(input),
        origin: context.origin,
        capabilities: input.Capabilities ?? [],
        onFailure: disableRollback ? 'DO_NOTHING' : input.OnFailure,
        express,
        terminationProtection: input.EnableTerminationProtection,
      });
      operation.stack.policy = input.StackPolicyBody;
      inBackground(operation);
      return { StackId: operation.stack.id };
    },

    async UpdateStack(input, context) {
      acceptOnly('cloudformation.UpdateStack', input, updateParameters);
      authorizeStack('UpdateStack', input.StackName, context);
      const stack = existing(input.StackName, context);
      const working = deployer(input.RoleARN, stack, context, authorize);
      checkNotificationArns(input.NotificationARNs, working.caller, notifications);
      const operation = await engine.beginUpdate({
        name: input.StackName,
        template: await templateOf(engine, input, context),
        ...parametersOf(input.Parameters),
        tags: input.Tags && tagsOf(input.Tags),
        account: context.account,
        region: context.region,
        ...working,
        ...announcementOf(input),
        origin: context.origin,
        capabilities: input.Capabilities ?? [],
        ...deploymentSettings(input.DeploymentConfig, input.DisableRollback),
      });
      if (!operation) throw validationError('No updates are to be performed.');
      if (input.StackPolicyBody !== undefined) operation.stack.policy = input.StackPolicyBody;
      inBackground(operation);
      return { StackId: operation.stack.id };
    },

    ContinueUpdateRollback(input, context) {
      acceptOnly('cloudformation.ContinueUpdateRollback', input, [
        'ClientRequestToken',
        'ResourcesToSkip',
        'RoleARN',
        'StackName',
      ]);
      const stack = find(input.StackName, context);
      authorizeStack('ContinueUpdateRollback', stack, context);
      const { account, region } = context;
      const { caller } = deployer(input.RoleARN, stack, context, authorize);
      const { ClientRequestToken: clientRequestToken } = input;
      const options = { caller, clientRequestToken, skipped: input.ResourcesToSkip };
      inBackground(engine.continueRollback(stack.id, account, region, options));
      return {};
    },

    RollbackStack(input, context) {
      acceptOnly('cloudformation.RollbackStack', input, [
        'ClientRequestToken',
        'DeploymentConfig',
        'RetainExceptOnCreate',
        'RoleARN',
        'StackName',
      ]);
      const stack = find(input.StackName, context);
      authorizeStack('RollbackStack', stack, context);
      // In either mode a rollback ends when everything is as it was.
      deploymentSettings(input.DeploymentConfig);
      const { account, region } = context;
      const { caller } = deployer(input.RoleARN, stack, context, authorize);
      const options = {
        caller,
        clientRequestToken: input.ClientRequestToken,
        retainsCreated: !input.RetainExceptOnCreate,
      };
      inBackground(engine.rollBack(stack.id, account, region, options));
      return { StackId: stack.id };
    },

    DeleteStack(input, context) {
      acceptOnly('cloudformation.DeleteStack', input, [
        'ClientRequestToken',
        'DeploymentConfig',
        'RoleARN',
        'StackName',
      ]);
      // In either mode a deletion ends when everything is gone, and is not rolled back.
      deploymentSettings(input.DeploymentConfig);
      authorizeStack('DeleteStack', input.StackName, context);
      const { account, region } = context;
      const stack = existing(input.StackName, context);
      const { caller } = deployer(input.RoleARN, stack, context, authorize);
      const operator = { caller, clientRequestToken: input.ClientRequestToken };
      inBackground(engine.beginDelete(input.StackName, account, region, operator));
      return {};
    },

    UpdateTerminationProtection(input, context) {
      const stack = find(input.StackName, context);
      authorizeStack('UpdateTerminationProtection', stack, context);
      if (stack.identity.parentId !== undefined) {
        throw validationError(
          `Stack [${stack.name}] is a nested stack: its root stack decides about termination protection`,
        );
      }
      stack.terminationProtection = input.EnableTerminationProtection;
      return { StackId: stack.id };
    },

    SetStackPolicy(input, context) {
      acceptOnly('cloudformation.SetStackPolicy', input, ['StackName', 'StackPolicyBody']);
      const stack = find(input.StackName, context);
      authorizeStack('SetStackPolicy', stack, context);
      stack.policy = input.StackPolicyBody;
      return {};
    },

    GetStackPolicy(input, context) {
      const stack = find(input.StackName, context);
      authorizeStack('GetStackPolicy', stack, context);
      return { StackPolicyBody: stack.policy };
    },

    async DescribeStacks(input, context) {
      acceptOnly('cloudformation.DescribeStacks', input, ['StackName']);
      authorizeStack('DescribeStacks', input.StackName ?? '*', context);
      if (input.StackName !== undefined)
        await forCdk(find(input.StackName, context), clock, context);
      const stacks =
        input.StackName === undefined
          ? stacksOf(engine, context)
          : [find(input.StackName, context)];
      return { Stacks: stacks.map(describeStack) };
    },

    ListStacks(input, context) {
      acceptOnly('cloudformation.ListStacks', input, ['StackStatusFilter']);
      authorizeStack('ListStacks', '*', context);
      const wanted: readonly string[] | undefined = input.StackStatusFilter;
      const stacks = stacksOf(engine, context).filter(
        ({ status }) => wanted === undefined || wanted.includes(status),
      );
      return { StackSummaries: stacks.map(summarizeStack) };
    },

    DescribeStackEvents(input, context) {
      acceptOnly('cloudformation.DescribeStackEvents', input, ['NextToken', 'StackName']);
      const stack = find(input.StackName, context);
      authorizeStack('DescribeStackEvents', stack, context);
      const page = partOf(inOrderOfTime(stack.events()).reverse(), input.NextToken, true);
      return { StackEvents: page.items.map(describeStackEvent), NextToken: page.nextToken };
    },

    DescribeStackResources(input, context) {
      acceptOnly('cloudformation.DescribeStackResources', input, [
        'LogicalResourceId',
        'PhysicalResourceId',
        'StackName',
      ]);
      const stack = stackOfResources(engine, input, context);
      authorizeStack('DescribeStackResources', stack, context);
      const wanted = input.LogicalResourceId;
      const resources = stack
        .resources()
        .filter(({ logicalId }) => wanted === undefined || logicalId === wanted);
      return {
        StackResources: resources.map((resource) => describeStackResource(stack, resource)),
      };
    },

    DescribeStackResource(input, context) {
      const { LogicalResourceId: logicalId, StackName: name } = input;
      const stack = find(name, context);
      authorizeStack('DescribeStackResource', stack, context);
      const resource = stack.resource(logicalId);
      if (!resource) {
        throw validationError(`Resource ${logicalId} does not exist for stack ${stack.name}`);
      }
      const { Timestamp: time, ...description } = describeStackResource(stack, resource);
      const { metadata } = stack.identity.template.resources.get(logicalId) ?? {};
      return {
        StackResourceDetail: {
          ...description,
          LastUpdatedTimestamp: time,
          Metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
        },
      };
    },

    ListStackResources(input, context) {
      acceptOnly('cloudformation.ListStackResources', input, ['NextToken', 'StackName']);
      const stack = find(input.StackName, context);
      authorizeStack('ListStackResources', stack, context);
      const page = partOf(stack.resources(), input.NextToken);
      return {
        StackResourceSummaries: page.items.map((resource) =>
          summarizeStackResource(stack, resource),
        ),
        NextToken: page.nextToken,
      };
    },

    ListExports(input, context) {
      acceptOnly('cloudformation.ListExports', input, []);
      authorizeStack('ListExports', '*', context);
      return {
        Exports: engine.exports(context.account, context.region).map((one) => ({
          ExportingStackId: one.exportingStackId,
          Name: one.name,
          Value: one.value,
        })),
      };
    },

    ListImports(input, context) {
      acceptOnly('cloudformation.ListImports', input, ['ExportName']);
      authorizeStack('ListImports', '*', context);
      const imports = engine.importers(input.ExportName, context.account, context.region);
      if (imports.length === 0) {
        throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
      }
      return { Imports: imports };
    },
  };
}

const updateParameters = [
  'Capabilities',
  'ClientRequestToken',
  'DeploymentConfig',
  'DisableRollback',
  'NotificationARNs',
  'Parameters',
  'RoleARN',
  'StackName',
  'StackPolicyBody',
  'Tags',
  'TemplateBody',
  'TemplateURL',
  'UsePreviousTemplate',
] as const;

const createParameters = [
  'Capabilities',
  'ClientRequestToken',
  'DeploymentConfig',
  'DisableRollback',
  'EnableTerminationProtection',
  'NotificationARNs',
  'OnFailure',
  'Parameters',
  'RoleARN',
  'StackName',
  'StackPolicyBody',
  'Tags',
  'TemplateBody',
  'TemplateURL',
] as const;

function stacksOf(engine: CloudFormation, { account, region }: CallContext): Stack[] {
  return engine
    .stacks()
    .filter(({ identity }) => identity.account === account && identity.region === region)
    .reverse();
}

function stackOfResources(
  engine: CloudFormation,
  input: InputOf<Client, 'DescribeStackResources'>,
  { account, region }: CallContext,
): Stack {
  const { PhysicalResourceId: physicalId, StackName: name } = input;
  if (name !== undefined && physicalId !== undefined) {
    throw validationError('StackName and PhysicalResourceId cannot both be specified');
  }
  if (name !== undefined) return engine.describe(name, account, region);
  if (physicalId === undefined) {
    throw validationError('Either StackName or PhysicalResourceId must be specified');
  }
  const owner = engine
    .stacks()
    .find((stack) => stack.resources().some(({ state }) => state?.physicalId === physicalId));
  if (!owner) throw validationError(`Stack for ${physicalId} does not exist`);
  return owner;
}

/**
 * Events whose times tell their order. On AWS no two happen in the same millisecond; here they do, and clients
 * such as the CDK CLI, which sort by time, would show an end before its beginning.
 */
function inOrderOfTime(events: readonly StackEvent[]): StackEvent[] {
  let last = Number.NEGATIVE_INFINITY;
  return events.map((event) => {
    last = Math.max(event.timestamp, last + 1);
    return { ...event, timestamp: last };
  });
}

const longestWait = 20_000;

/**
 * The CDK CLI asks every five seconds how far a stack has come. Its question is answered when the stack is
 * done, or after 20 seconds; everybody else is answered at once, as on AWS.
 */
async function forCdk(stack: Stack, clock: Clock, context: CallContext): Promise<void> {
  if (!stack.busy || !/(^|\s)aws-cdk\b/.test(context.userAgent ?? '')) return;
  await context.park<void>((wake) => {
    stack.whenIdle(() => wake());
    context.signal.addEventListener('abort', () => wake());
    // On the manual clock nothing but the stack's own progress ends the wait.
    if (clock.kind === 'manual') return;
    const timer = clock.after(longestWait * clock.rate, 'wait for a stack', () => wake());
    stack.whenIdle(() => timer.cancel());
  });
}
