import { Conditions, checkRules } from './conditions';
import type { ValueResolvers } from './dynamic-references';
import { otherStacks, unknownStacks } from './other-stacks';
import { type ParameterValue, resolveParameters } from './parameters';
import type { ProviderRegistry } from './provider-registry';
import { planStack, type StackPlan } from './stack-plan';
import { StackScope, type StackScopeOptions } from './stack-scope';
import type { StackStore } from './stack-store';
import { parseTemplate, type Template } from './template';
import { isList, isPartialObject, type PartialValue, unresolved } from './values';

/** Reads a nested stack's template from the URL that its parent gives. The composition root fills it. */
export type FetchTemplate = (query: {
  readonly url: string;
  readonly account: string;
  readonly region: string;
}) => Promise<string>;

/** What a template is prepared for. */
export interface PreparationTarget {
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  /** The topics that are told of the stack's events. */
  readonly notificationArns: readonly string[];
}

/** What a template is prepared with. */
export interface PreparationContext {
  readonly resolvers: ValueResolvers;
  readonly providers: ProviderRegistry;
  readonly stacks: StackStore;
  readonly fetchTemplate?: FetchTemplate;
}

/** A template with its parameters' values and the plan that comes of them. */
export interface PreparedStack {
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly plan: StackPlan;
  readonly scopeOptions: StackScopeOptions;
  /** All that speaks against it, nested stacks included. */
  readonly invalid: readonly string[];
  readonly unsupported: readonly string[];
  /** Those of the unsupported types that would be recorded if that were allowed. */
  readonly recordable: readonly string[];
}

/**
 * Reads a template and everything nested in it, and finds all that speaks against deploying it.
 *
 * @throws ServiceError `ValidationError` where the template cannot be read, or its parameters or rules do not hold.
 */
export async function prepareStack(
  target: PreparationTarget,
  text: string,
  given: Readonly<Record<string, PartialValue>>,
  context: PreparationContext,
): Promise<PreparedStack> {
  const { account, region } = target;
  const template = parseTemplate(text);
  const parameters = await resolveParameters(template.parameters, given, async (name) =>
    context.resolvers.resolveSsmParameter?.({ account, region, name, secure: false }),
  );
  const scopeOptions = {
    ...target,
    template,
    parameters,
    conditions: new Conditions(template.conditions),
  };
  checkRules(template.rules, ruleScope(scopeOptions));
  const others = otherStacks(context.stacks, target);
  const plan = planStack(scopeOptions, context.providers, others);
  const invalid = [...plan.invalid];
  const unsupported = [...plan.unsupported];
  const recordable = [...plan.recordable];
  for (const [logicalId, { declaration, properties }] of plan.resources) {
    const url = properties.TemplateURL;
    if (declaration.type !== 'AWS::CloudFormation::Stack' || typeof url !== 'string') continue;
    const nested = await prepareStack(
      {
        ...target,
        stackName: `${target.stackName}-${logicalId}`,
        notificationArns: notificationArnsOf(properties.NotificationARNs),
      },
      await fetchTemplate(context, url, account, region),
      isPartialObject(properties.Parameters) ? properties.Parameters : {},
      context,
    );
    invalid.push(...nested.invalid.map((problem) => `${logicalId}: ${problem}`));
    unsupported.push(...nested.unsupported.map((problem) => `${logicalId}: ${problem}`));
    recordable.push(...nested.recordable);
  }
  return { template, parameters, plan, scopeOptions, invalid, unsupported, recordable };
}

/** Of a nested stack, as far as they are known before its parent is deployed. */
function notificationArnsOf(value: PartialValue | undefined): string[] {
  const list = isList<PartialValue>(value) ? value : [];
  return list.filter((arn) => typeof arn === 'string');
}

/** @throws Error if nothing has been set up to read templates from URLs. */
export async function fetchTemplate(
  context: PreparationContext,
  url: string,
  account: string,
  region: string,
): Promise<string> {
  if (!context.fetchTemplate) throw new Error(`Nothing is set up to read the template at ${url}`);
  return context.fetchTemplate({ url, account, region });
}

/** Rules know parameters, mappings and conditions, and nothing of resources. */
function ruleScope(options: StackScopeOptions): StackScope {
  return new StackScope(options, {
    reference: () => unresolved,
    attribute: () => unresolved,
    ...unknownStacks,
  });
}
