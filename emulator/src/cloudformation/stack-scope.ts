import type { Conditions } from './conditions';
import type { EvaluationScope } from './intrinsics';
import type { OtherStacks, StackOutputQuery } from './other-stacks';
import { hiddenValue, type ParameterValue } from './parameters';
import type { TemplateValue } from './provider';
import type { Template } from './template';
import { templateError } from './template-errors';
import { isObject, noValue, type PartialValue, unresolved } from './values';

/** What a template's functions can know of their stack. */
export interface StackScopeOptions {
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly conditions: Conditions;
  /** `AWS::NotificationARNs` */
  readonly notificationArns: readonly string[];
}

/** What they can know of its resources and of other stacks. */
export interface ResourceLookup extends OtherStacks {
  reference(logicalId: string): PartialValue;
  attribute(logicalId: string, name: string): PartialValue;
}

/** The transform whose functions the emulator has. */
export const languageExtensionsTransform = 'AWS::LanguageExtensions';

/** Evaluates functions in a stack, with resources as `lookup` knows them. */
export class StackScope implements EvaluationScope {
  readonly region: string;
  readonly languageExtensions: boolean;

  constructor(
    private readonly options: StackScopeOptions,
    private readonly lookup: ResourceLookup,
  ) {
    this.region = options.region;
    this.languageExtensions = options.template.transforms.includes(languageExtensionsTransform);
  }

  /** The same scope, but that it has asterisks for the attributes of some resources. */
  masking(isMasked: (logicalId: string) => boolean): StackScope {
    const attribute = (logicalId: string, name: string): PartialValue => {
      const value = this.lookup.attribute(logicalId, name);
      return value !== unresolved && isMasked(logicalId) ? '*****' : value;
    };
    return new StackScope(this.options, { ...this.lookup, attribute });
  }

  /** Whether there are parameters that are not to be shown. */
  get hides(): boolean {
    return [...this.options.parameters.values()].some(({ shown }) => shown === hiddenValue);
  }

  /** The same scope, but that it has asterisks for parameters that are not to be shown. */
  concealing(): StackScope {
    const parameters = new Map(
      [...this.options.parameters].map(([name, one]) => [
        name,
        one.shown === hiddenValue ? { ...one, value: hiddenValue } : one,
      ]),
    );
    return new StackScope({ ...this.options, parameters }, this.lookup);
  }

  reference(name: string): PartialValue | typeof noValue {
    const parameter = this.options.parameters.get(name);
    if (parameter) return parameter.value;
    return name.startsWith('AWS::') ? this.pseudoParameter(name) : this.lookup.reference(name);
  }

  attribute(logicalId: string, name: string): PartialValue {
    return this.lookup.attribute(logicalId, name);
  }

  condition(name: string): boolean | typeof unresolved {
    return this.options.conditions.evaluate(name, this);
  }

  mapping(name: string, topKey: string, secondKey: string): TemplateValue | undefined {
    const mapping = this.options.template.mappings[name];
    if (!isObject(mapping)) {
      throw templateError(
        `Mapping named '${name}' is not present in the 'Mappings' section of template`,
      );
    }
    const top = mapping[topKey];
    return isObject(top) ? top[secondKey] : undefined;
  }

  importedValue(exportName: string): PartialValue {
    return this.lookup.importedValue(exportName);
  }

  stackOutput(query: StackOutputQuery): PartialValue {
    return this.lookup.stackOutput(query);
  }

  private pseudoParameter(name: string): PartialValue | typeof noValue {
    switch (name) {
      case 'AWS::AccountId':
        return this.options.account;
      case 'AWS::NoValue':
        return noValue;
      case 'AWS::NotificationARNs':
        return this.options.notificationArns;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::Region':
        return this.options.region;
      case 'AWS::StackId':
        return this.options.stackId;
      case 'AWS::StackName':
        return this.options.stackName;
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      default:
        throw templateError(`Unrecognized pseudo parameter ${name}`);
    }
  }
}
