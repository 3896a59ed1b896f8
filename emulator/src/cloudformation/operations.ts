import type { Caller } from '../iam/caller';
import type { CallContext, Handlers, InputOf } from '../protocol/handlers';
import { acceptOnly } from '../services/accepted-parameters';
import type { CloudFormation } from './cloudformation';
import {
  describeStack,
  describeStackEvent,
  describeStackResource,
  summarizeStack,
  summarizeStackResource,
} from './responses';
import { type Stack, StackFailedError } from './stack';
import { validationError } from './template-errors';

type Client = typeof import('@aws-sdk/client-cloudformation');

/** The operations of AWS CloudFormation on stacks that are created and deleted as a whole. */
export function cloudFormationOperations(engine: CloudFormation): Handlers<Client> {
  const find = (name: string, { account, region }: CallContext) =>
    engine.describe(name, account, region);

  const authorize = (action: string, stack: Stack | string, context: CallContext) => {
    const arn =
      typeof stack === 'string'
        ? `arn:aws:cloudformation:${context.region}:${context.account}:stack/${stack}/*`
        : stack.id;
    context.authorize(`cloudformation:${action}`, arn);
  };

  return {
    async CreateStack(input, context) {
      acceptOnly('cloudformation.CreateStack', input, createParameters);
      const { StackName: name } = input;
      authorize('CreateStack', name, context);
      const template = await templateOf(engine, input, context);
      try {
        const stack = await parked(context, () =>
          engine.createStack({
            name,
            template,
            parameters: parametersOf(input),
            tags: Object.fromEntries((input.Tags ?? []).map((tag) => [tag.Key, tag.Value])),
            account: context.account,
            region: context.region,
            caller: deploymentCaller(input.RoleARN, context),
            origin: context.origin,
            capabilities: input.Capabilities ?? [],
            onFailure: input.DisableRollback ? 'DO_NOTHING' : input.OnFailure,
            terminationProtection: input.EnableTerminationProtection,
          }),
        );
        return { StackId: stack.id };
      } catch (error) {
        // As on AWS the call itself succeeds: that the stack failed is told by its status and events.
        if (error instanceof StackFailedError) return { StackId: error.failedStack.id };
        throw error;
      }
    },

    async DeleteStack(input, context) {
      acceptOnly('cloudformation.DeleteStack', input, [
        'ClientRequestToken',
        'RoleARN',
        'StackName',
      ]);
      authorize('DeleteStack', input.StackName, context);
      try {
        const caller = deploymentCaller(input.RoleARN, context);
        await parked(context, () =>
          engine.deleteStack(input.StackName, context.account, context.region, caller),
        );
      } catch (error) {
        if (!(error instanceof StackFailedError)) throw error;
      }
      return {};
    },

    DescribeStacks(input, context) {
      acceptOnly('cloudformation.DescribeStacks', input, ['StackName']);
      authorize('DescribeStacks', input.StackName ?? '*', context);
      const stacks =
        input.StackName === undefined
          ? stacksOf(engine, context)
          : [find(input.StackName, context)];
      return { Stacks: stacks.map(describeStack) };
    },

    ListStacks(input, context) {
      acceptOnly('cloudformation.ListStacks', input, ['StackStatusFilter']);
      authorize('ListStacks', '*', context);
      const wanted: readonly string[] | undefined = input.StackStatusFilter;
      const stacks = stacksOf(engine, context).filter(
        ({ status }) => wanted === undefined || wanted.includes(status),
      );
      return { StackSummaries: stacks.map(summarizeStack) };
    },

    DescribeStackEvents(input, context) {
      acceptOnly('cloudformation.DescribeStackEvents', input, ['StackName']);
      const stack = find(input.StackName, context);
      authorize('DescribeStackEvents', stack, context);
      const events = engine.events(stack.id, context.account, context.region);
      return { StackEvents: events.map(describeStackEvent) };
    },

    DescribeStackResources(input, context) {
      acceptOnly('cloudformation.DescribeStackResources', input, [
        'LogicalResourceId',
        'PhysicalResourceId',
        'StackName',
      ]);
      const stack = stackOfResources(engine, input, context);
      authorize('DescribeStackResources', stack, context);
      const wanted = input.LogicalResourceId;
      const resources = stack
        .resources()
        .filter(({ logicalId }) => wanted === undefined || logicalId === wanted);
      return {
        StackResources: resources.map((resource) => describeStackResource(stack, resource)),
      };
    },

    ListStackResources(input, context) {
      acceptOnly('cloudformation.ListStackResources', input, ['StackName']);
      const stack = find(input.StackName, context);
      authorize('ListStackResources', stack, context);
      return { StackResourceSummaries: stack.resources().map(summarizeStackResource) };
    },

    GetTemplate(input, context) {
      acceptOnly('cloudformation.GetTemplate', input, ['StackName', 'TemplateStage']);
      if (input.StackName === undefined) throw validationError('StackName must be specified');
      const stack = find(input.StackName, context);
      authorize('GetTemplate', stack, context);
      return {
        TemplateBody: stack.identity.template.text,
        StagesAvailable: ['Original', 'Processed'],
      };
    },

    ListExports(input, context) {
      acceptOnly('cloudformation.ListExports', input, []);
      authorize('ListExports', '*', context);
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
      authorize('ListImports', '*', context);
      const imports = engine.importers(input.ExportName, context.account, context.region);
      if (imports.length === 0) {
        throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
      }
      return { Imports: imports };
    },
  };
}

const createParameters = [
  'Capabilities',
  'ClientRequestToken',
  'DisableRollback',
  'EnableTerminationProtection',
  'OnFailure',
  'Parameters',
  'RoleARN',
  'StackName',
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

function templateOf(
  engine: CloudFormation,
  { TemplateBody: body, TemplateURL: url }: InputOf<Client, 'CreateStack'>,
  { account, region }: CallContext,
): Promise<string> {
  if ((body === undefined) === (url === undefined)) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  return url === undefined ? Promise.resolve(body ?? '') : engine.template(url, account, region);
}

function parametersOf({ Parameters: list = [] }: InputOf<Client, 'CreateStack'>) {
  const values: Record<string, string> = {};
  for (const { ParameterKey: key, ParameterValue: value, UsePreviousValue: previous } of list) {
    if (previous) {
      throw validationError(
        'Invalid input for parameter key. Cannot specify usePreviousValue as true for a parameter key not in the previous template',
      );
    }
    if (key !== undefined && value !== undefined) values[key] = value;
  }
  return values;
}

/** CloudFormation acts as the role that it is given, else as the caller. */
function deploymentCaller(roleArn: string | undefined, { account, caller }: CallContext): Caller {
  if (roleArn === undefined) return caller;
  const sessionName = 'AWSCloudFormation';
  const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return {
    kind: 'role-session',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
    roleArn,
    sessionName,
  };
}

/** Waits for an operation on a stack: its resources are the work in hand, not the call that waits for them. */
async function parked<T>(context: CallContext, run: () => Promise<T>): Promise<T> {
  return context.park<Promise<T>>((wake) => {
    const running = run();
    running.then(
      () => wake(running),
      () => wake(running),
    );
  });
}
