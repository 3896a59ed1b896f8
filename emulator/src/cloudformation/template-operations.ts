import type { CallContext, Handlers } from '../protocol/handlers';
import { acceptOnly } from '../services/accepted-parameters';
import { neededCapability } from './capabilities';
import type { CloudFormation } from './cloudformation';
import { identifiersOf } from './imports';
import { authorizeStack, templateOf } from './operation-input';
import { parseTemplate, type ResourceDeclaration, type Template } from './template';
import { validationError } from './template-errors';
import { isList, isObject, isScalar, type TemplateObject } from './values';

type Client = typeof import('@aws-sdk/client-cloudformation');

/** The operations on templates, with or without a stack. */
export function templateOperations(engine: CloudFormation): Handlers<Client> {
  const templateFor = async (
    input: { StackName?: string; TemplateBody?: string; TemplateURL?: string },
    context: CallContext,
  ): Promise<Template> => {
    const { account, region } = context;
    if (input.StackName !== undefined) {
      return engine.describe(input.StackName, account, region).identity.template;
    }
    return parseTemplate((await templateOf(engine, input, context)) ?? '');
  };

  return {
    GetTemplate(input, context) {
      if (input.StackName === undefined) throw validationError('StackName must be specified');
      acceptOnly('cloudformation.GetTemplate', input, ['StackName', 'TemplateStage']);
      const stack = engine.describe(input.StackName, context.account, context.region);
      authorizeStack('GetTemplate', stack, context);
      return {
        TemplateBody: stack.identity.template.text,
        StagesAvailable: ['Original', 'Processed'],
      };
    },

    async GetTemplateSummary(input, context) {
      acceptOnly('cloudformation.GetTemplateSummary', input, [
        'StackName',
        'TemplateBody',
        'TemplateURL',
      ]);
      authorizeStack('GetTemplateSummary', input.StackName ?? '*', context);
      const template = await templateFor(input, context);
      const resources = [...template.resources.values()];
      return {
        ...summary(template),
        Parameters: Object.entries(template.parameters).map(([key, body]) => {
          const about = isObject(body) ? body : {};
          return {
            ...parameterSummary(key, about),
            ParameterType: textOf(about.Type),
            ParameterConstraints: isList(about.AllowedValues)
              ? { AllowedValues: about.AllowedValues.map(String) }
              : {},
          };
        }),
        ResourceIdentifierSummaries: importableTypes(engine, resources),
        ResourceTypes: [...new Set(resources.map(({ type }) => type))],
        Version: '2010-09-09',
      };
    },

    async ValidateTemplate(input, context) {
      acceptOnly('cloudformation.ValidateTemplate', input, ['TemplateBody', 'TemplateURL']);
      authorizeStack('ValidateTemplate', '*', context);
      const template = await templateFor(input, context);
      return {
        ...summary(template),
        Parameters: Object.entries(template.parameters).map(([key, body]) =>
          parameterSummary(key, isObject(body) ? body : {}),
        ),
      };
    },
  };
}

/** How resources of a template can be named to be imported. */
function importableTypes(engine: CloudFormation, resources: readonly ResourceDeclaration[]) {
  const types = [...new Set(resources.map(({ type }) => type))];
  return types
    .filter((type) => engine.providers.find(type)?.find)
    .map((type) => ({
      ResourceType: type,
      LogicalResourceIds: resources
        .filter((resource) => resource.type === type)
        .map(({ logicalId }) => logicalId),
      ResourceIdentifiers: identifiersOf(type),
    }));
}

function summary({ description, resources, transforms }: Template) {
  const capability = neededCapability([...resources.values()]);
  const types = [...resources.values()].map(({ type }) => type);
  const iam = [...new Set(types.filter((type) => type.startsWith('AWS::IAM::')))];
  return {
    Description: description,
    Capabilities: capability && [capability],
    CapabilitiesReason:
      capability && `The following resource(s) require capabilities: [${iam.join(', ')}]`,
    DeclaredTransforms: [...transforms],
  };
}

function parameterSummary(key: string, about: TemplateObject) {
  return {
    ParameterKey: key,
    DefaultValue: textOf(about.Default),
    NoEcho: String(about.NoEcho ?? false) === 'true',
    Description: textOf(about.Description),
  };
}

function textOf(value: unknown): string | undefined {
  return isScalar(value) ? String(value) : undefined;
}
