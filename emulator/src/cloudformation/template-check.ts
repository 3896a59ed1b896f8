import { Conditions } from './conditions';
import { type LevelSummary, summariseLevels } from './level-summary';
import { unknownStacks } from './other-stacks';
import type { ParameterValue } from './parameters';
import type { ProviderRegistry } from './provider-registry';
import { planStack } from './stack-plan';
import { parseTemplate } from './template';
import { unresolved } from './values';

/** What a template comes to before it is deployed. */
export interface TemplateCheck {
  /** What would be deployed, by type; all branches of conditions that hang on parameters. */
  readonly levels: readonly LevelSummary[];
  /** What the template gets wrong, in CloudFormation's words. */
  readonly invalid: readonly string[];
  /** What AWS would deploy and the emulator does not. */
  readonly unsupported: readonly string[];
  /** Those of the unsupported types that would be recorded if that were allowed. */
  readonly recordable: readonly string[];
}

/**
 * Goes through a template as a deployment does, without the stack around it: parameters have no values yet, and
 * whatever it imports is taken to be exported.
 *
 * @throws ServiceError `ValidationError` if it is no template.
 */
export function checkTemplate(text: string, providers: ProviderRegistry): TemplateCheck {
  const template = parseTemplate(text);
  const parameters = Object.keys(template.parameters).map((key): [string, ParameterValue] => [
    key,
    { key, value: unresolved, input: '', shown: '' },
  ]);
  const scope = {
    stackName: 'Stack',
    stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/0',
    account: '000000000000',
    region: 'us-east-1',
    template,
    parameters: new Map(parameters),
    conditions: new Conditions(template.conditions),
    notificationArns: [],
  };
  const { invalid, recordable, resources, unsupported } = planStack(
    scope,
    providers,
    unknownStacks,
  );
  const levels = [...resources.values()].map(
    ({ declaration: { type }, provider: { allowedOnly, level } }) => ({
      type,
      level,
      allowedOnly,
      count: 1,
    }),
  );
  return {
    levels: summariseLevels(levels),
    invalid,
    unsupported,
    recordable,
  };
}
