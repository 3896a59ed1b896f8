import type { Authorize } from '../iam/caller';
import { NotImplementedError } from '../protocol/errors';
import type { CallContext, Handlers, InputOf } from '../protocol/handlers';
import { acceptOnly } from '../services/accepted-parameters';
import { describeChangeSet, describeChanges, summarizeChangeSet } from './change-set-description';
import type { ChangeSetRequest, ChangeSets } from './change-sets';
import type { CloudFormation } from './cloudformation';
import { type Deployer, deployer } from './deployment-role';
import {
  authorizeStack,
  checkNotificationArns,
  deploymentSettings,
  inBackground,
  parametersOf,
  partOf,
  tagsOf,
  templateOf,
} from './operation-input';
import type { StackNotifications } from './stack-notifications';
import { validationError } from './template-errors';

type Client = typeof import('@aws-sdk/client-cloudformation');
type CreateInput = InputOf<Client, 'CreateChangeSet'>;

const createParameters = [
  'Capabilities',
  'ChangeSetName',
  'ChangeSetType',
  'ClientToken',
  'DeploymentConfig',
  'Description',
  'ImportExistingResources',
  'IncludeNestedStacks',
  'NotificationARNs',
  'OnStackFailure',
  'Parameters',
  'ResourcesToImport',
  'RoleARN',
  'StackName',
  'Tags',
  'TemplateBody',
  'TemplateURL',
  'UsePreviousTemplate',
] as const;

/**
 * The operations on change sets. `ImportExistingResources` finds nothing in nested
 * stacks, and nothing of types that cannot be imported: a resource whose name is taken fails then, as it does without.
 */
export function changeSetOperations(
  engine: CloudFormation,
  changeSets: ChangeSets,
  authorize: Authorize,
  notifications: StackNotifications,
): Handlers<Client> {
  const stackOf = (name: string | undefined, { account, region }: CallContext) =>
    name === undefined ? undefined : engine.find(name, account, region);
  const get = (
    { ChangeSetName: name, StackName: stack }: { ChangeSetName: string; StackName?: string },
    context: CallContext,
  ) => {
    if (stack === undefined && !name.startsWith('arn:')) {
      throw validationError(
        'StackName must be specified if ChangeSetName is not specified as an ARN.',
      );
    }
    if (stack !== undefined) engine.describe(stack, context.account, context.region);
    return changeSets.get(name, stackOf(stack, context));
  };

  return {
    async CreateChangeSet(input, context) {
      acceptOnly('cloudformation.CreateChangeSet', input, createParameters);
      authorizeStack('CreateChangeSet', input.StackName, context);
      const existing = engine.find(input.StackName ?? '', context.account, context.region);
      const working = deployer(input.RoleARN, existing, context, authorize);
      checkNotificationArns(input.NotificationARNs, working.caller, notifications);
      const what = await requestOf(engine, input, context, working);
      const changeSet = await changeSets.create(input.ChangeSetName, what, {
        description: input.Description,
        includeNestedStacks: input.IncludeNestedStacks,
        importExistingResources: input.ImportExistingResources,
      });
      return { Id: changeSet.id, StackId: changeSet.preview.stack.id };
    },

    DescribeChangeSet(input, context) {
      const changeSet = get(input, context);
      authorizeStack('DescribeChangeSet', changeSet.preview.stack, context);
      const changes = describeChanges(changeSet, input.IncludePropertyValues ?? false);
      const page = partOf(changes, input.NextToken);
      return {
        ...describeChangeSet(changeSet),
        Changes: page.items,
        NextToken: page.nextToken,
      };
    },

    async ExecuteChangeSet(input, context) {
      acceptOnly('cloudformation.ExecuteChangeSet', input, [
        'ChangeSetName',
        'ClientRequestToken',
        'DisableRollback',
        'StackName',
      ]);
      const changeSet = get(input, context);
      authorizeStack('ExecuteChangeSet', changeSet.preview.stack, context);
      inBackground(
        await changeSets.execute(changeSet, {
          clientRequestToken: input.ClientRequestToken,
          disableRollback: input.DisableRollback,
        }),
      );
      return {};
    },

    DeleteChangeSet(input, context) {
      const { ChangeSetName: name, StackName: stack } = input;
      authorizeStack('DeleteChangeSet', stack ?? name, context);
      // That there is none is no error.
      const found = changeSets.find(name, stackOf(stack, context));
      if (found) changeSets.delete(found);
      return {};
    },

    ListChangeSets(input, context) {
      const stack = engine.describe(input.StackName, context.account, context.region);
      authorizeStack('ListChangeSets', stack, context);
      const page = partOf(changeSets.of(stack), input.NextToken);
      return { Summaries: page.items.map(summarizeChangeSet), NextToken: page.nextToken };
    },
  };
}

async function requestOf(
  engine: CloudFormation,
  input: CreateInput,
  context: CallContext,
  working: Deployer,
): Promise<ChangeSetRequest> {
  const { ChangeSetType: type = 'UPDATE', OnStackFailure: onFailure } = input;
  const { account, region, origin } = context;
  const { parameters, previousParameters } = parametersOf(input.Parameters);
  const template = await templateOf(engine, input, context);
  const { disableRollback, express } = deploymentSettings(input.DeploymentConfig);
  const common = {
    name: input.StackName,
    parameters,
    tags: input.Tags && tagsOf(input.Tags),
    account,
    region,
    origin,
    ...working,
    notificationArns: input.NotificationARNs,
    capabilities: input.Capabilities ?? [],
    express,
  };
  switch (type) {
    case 'CREATE':
      if (template === undefined || previousParameters.length > 0) {
        throw validationError('A new stack has no previous template and no previous values.');
      }
      return {
        type,
        request: { ...common, template, onFailure: disableRollback ? 'DO_NOTHING' : onFailure },
      };
    case 'UPDATE':
      if (onFailure !== undefined && onFailure !== 'ROLLBACK') {
        throw new NotImplementedError(`OnStackFailure ${onFailure} of an update`);
      }
      return { type, request: { ...common, template, previousParameters, disableRollback } };
    case 'IMPORT':
      if (template === undefined || !input.ResourcesToImport?.length) {
        throw validationError('An import takes a template and ResourcesToImport.');
      }
      return {
        type,
        request: {
          ...common,
          template,
          previousParameters,
          resources: input.ResourcesToImport.map(
            ({ LogicalResourceId, ResourceIdentifier, ResourceType }) => ({
              logicalId: LogicalResourceId ?? '',
              type: ResourceType ?? '',
              identifier: ResourceIdentifier ?? {},
            }),
          ),
        },
      };
    default:
      throw new NotImplementedError(`ChangeSetType ${type} of cloudformation.CreateChangeSet`);
  }
}
