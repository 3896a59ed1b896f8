import { NotImplementedError } from '../protocol/errors';
import { findCycle } from './dependency-graph';
import { withoutDynamicReferences } from './dynamic-references';
import { evaluateSome } from './intrinsics';
import { type OtherStacks, unknownStacks } from './other-stacks';
import { validateProperties } from './property-validation';
import type { ResourceProperties, ResourceProvider } from './provider';
import { isCustomResource, type ProviderRegistry } from './provider-registry';
import { RecordedProvider } from './recorded-provider';
import { resourceSchema } from './resource-schemas';
import { serviceOf } from './service-tokens';
import { languageExtensionsTransform, StackScope, type StackScopeOptions } from './stack-scope';
import type { ResourceDeclaration } from './template';
import { templateFormatError } from './template-errors';
import { referredNames } from './template-references';
import { unsupportedUpdatePolicies } from './update-policy';
import {
  isObject,
  isPartialObject,
  type PartialObject,
  type PartialValue,
  unresolved,
  withoutUnresolved,
} from './values';

/** A resource that a stack will have. */
export interface PlannedResource {
  readonly declaration: ResourceDeclaration;
  readonly provider: ResourceProvider;
  /** Its properties as far as they are known before anything exists. */
  readonly properties: PartialObject;
}

/** What creating a stack comes to, and all that speaks against it. */
export interface StackPlan {
  readonly resources: ReadonlyMap<string, PlannedResource>;
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
  readonly imports: ReadonlySet<string>;
  readonly invalid: readonly string[];
  readonly unsupported: readonly string[];
  /** Those of the unsupported types that would be recorded if that were allowed. */
  readonly recordable: readonly string[];
}

/** Types that CloudFormation accepts and that the published schemas do not have. */
const withoutSchema = ['AWS::CDK::Metadata'];

/**
 * Goes through a whole template without creating anything: which resources it has, what needs what,
 * and every problem there is.
 *
 * @param others - the stacks that it may refer to.
 * @throws ServiceError `ValidationError` if a condition cannot be evaluated.
 */
export function planStack(
  options: StackScopeOptions,
  providers: ProviderRegistry,
  others: OtherStacks,
): StackPlan {
  checkConditions(options);
  return new Planner(options, providers, others).plan();
}

class Planner {
  private readonly resources = new Map<string, PlannedResource>();
  private readonly dependencies = new Map<string, Set<string>>();
  private readonly imports = new Set<string>();
  private readonly invalid = new Set<string>();
  private readonly unsupported = new Set<string>();
  private readonly unknownTypes = new Map<string, string[]>();
  /** What the value being evaluated refers to. */
  private found = new Set<string>();
  private block = 'Resources';
  private readonly scope: StackScope;
  private readonly active: ReadonlySet<string>;

  constructor(
    private readonly options: StackScopeOptions,
    private readonly providers: ProviderRegistry,
    private readonly others: OtherStacks,
  ) {
    this.scope = new StackScope(options, {
      reference: (logicalId) => this.refer(logicalId),
      attribute: (logicalId, name) => this.referToAttribute(logicalId, name),
      importedValue: (name) => {
        this.imports.add(name);
        this.attempt(() => this.others.importedValue(name));
        return unresolved;
      },
      stackOutput: (query) => {
        this.attempt(() => this.others.stackOutput(query));
        return unresolved;
      },
    });
    this.active = new Set(
      [...options.template.resources.values()]
        .filter(
          ({ condition }) => condition === undefined || this.scope.condition(condition) !== false,
        )
        .map(({ logicalId }) => logicalId),
    );
  }

  plan(): StackPlan {
    for (const transform of this.options.template.transforms) {
      if (transform !== languageExtensionsTransform) {
        this.unsupported.add(`the transform ${transform}`);
      }
    }
    for (const declaration of this.options.template.resources.values()) {
      if (this.active.has(declaration.logicalId)) this.planResource(declaration);
    }
    for (const planned of this.resources.values()) this.checkProperties(planned);
    const recordable = this.judgeUnknownTypes();
    this.block = 'Outputs';
    // What outputs refer to makes no resource depend on another.
    this.found = new Set();
    for (const output of this.options.template.outputs) {
      if (output.condition !== undefined && this.scope.condition(output.condition) === false)
        continue;
      this.attempt(() => evaluateSome(output.value, this.scope));
      const { exportName } = output;
      if (exportName !== undefined) this.attempt(() => evaluateSome(exportName, this.scope));
    }
    const cycle = findCycle(this.dependencies);
    if (cycle.length > 0) {
      this.invalid.add(`Circular dependency between resources: [${cycle.join(', ')}]`);
    }
    return {
      resources: this.resources,
      dependencies: this.dependencies,
      imports: this.imports,
      invalid: [...this.invalid],
      unsupported: [...this.unsupported],
      recordable,
    };
  }

  /** Types without a provider: CloudFormation does not know those that are published nowhere either. */
  private judgeUnknownTypes(): string[] {
    const types = [...this.unknownTypes.keys()];
    const recordable = types.filter((type) => resourceSchema(type));
    const unrecognized = types.filter((type) => !isCustomResource(type) && !resourceSchema(type));
    if (unrecognized.length > 0) {
      const list = unrecognized.join(', ');
      this.invalid.add(`Template format error: Unrecognized resource types: [${list}]`);
    }
    for (const [type, logicalIds] of this.unknownTypes) {
      if (unrecognized.includes(type)) continue;
      this.unsupported.add(`resource type ${type} (${logicalIds.join(', ')})`);
    }
    return recordable;
  }

  private planResource(declaration: ResourceDeclaration): void {
    const { logicalId, type } = declaration;
    const provider = this.providers.find(type);
    if (!provider) this.unknownTypes.set(type, [...(this.unknownTypes.get(type) ?? []), logicalId]);
    for (const attribute of declaration.unsupportedAttributes) {
      this.unsupported.add(`${attribute} of ${logicalId} (${type})`);
    }
    this.found = new Set();
    for (const needed of declaration.dependsOn) {
      if (!this.options.template.resources.has(needed)) this.unresolvedDependency(needed);
      else if (this.active.has(needed)) this.found.add(needed);
    }
    for (const part of [declaration.properties, declaration.updatePolicy]) {
      for (const name of referredNames(part)) {
        if (!this.isDeclared(name)) this.unresolvedDependency(name);
      }
    }
    const properties = this.attempt(() => evaluateSome(declaration.properties, this.scope));
    this.checkUpdatePolicy(declaration);
    this.dependencies.set(logicalId, this.found);
    if (!isPartialObject(properties) || !provider) return;
    const known = withoutDynamicReferences(properties);
    if (!isPartialObject(known)) return;
    this.resources.set(logicalId, { declaration, provider, properties: known });
  }

  private checkUpdatePolicy({ logicalId, type, updatePolicy }: ResourceDeclaration): void {
    const policy = this.attempt(() => evaluateSome(updatePolicy, this.scope));
    if (!isPartialObject(policy)) return;
    for (const what of unsupportedUpdatePolicies(known(policy))) {
      this.unsupported.add(`${what} of ${logicalId} (${type})`);
    }
  }

  private checkProperties(planned: PlannedResource): void {
    const { declaration, provider, properties } = planned;
    const { logicalId, type } = declaration;
    const schema = resourceSchema(type);
    if (schema) {
      const problems = validateProperties(schema, properties);
      for (const problem of problems) {
        this.invalid.add(
          `Properties validation failed for resource ${logicalId} (${type}) with message: ${problem}`,
        );
      }
      // A provider reads properties by their types, so it is asked only about well-typed ones.
      if (problems.length > 0) return;
    } else if (!isCustomResource(type) && !withoutSchema.includes(type)) {
      this.unsupported.add(`resource type ${type} without a published schema (${logicalId})`);
    }
    const reasons = provider.unsupported?.(known(properties)) ?? [];
    if (reasons.length > 0 && this.recordInstead(planned)) return;
    for (const reason of reasons) this.unsupported.add(`${logicalId} (${type}): ${reason}`);
  }

  /**
   * Records a resource that the emulator cannot run and need not, as all that it serves is handled
   * natively; a function behind custom resources, on AWS.
   *
   * @returns whether that is so.
   */
  private recordInstead(planned: PlannedResource): boolean {
    const { declaration, provider } = planned;
    const { logicalId, type } = declaration;
    const { recordedInstead } = provider;
    const { natives } = this.providers;
    const active = [...this.resources.values()];
    const { served, others } = serviceOf(
      logicalId,
      active.map((one) => one.declaration),
      natives.types,
    );
    if (!recordedInstead || served.length === 0) return false;
    for (const { logicalId: other, type: otherType } of others) {
      this.unsupported.add(
        `${logicalId} (${type}) for ${other} (${otherType}): only what it does for ${list(served)} is there`,
      );
    }
    if (others.length > 0) return false;
    this.resources.set(logicalId, { ...planned, provider: recordedInstead });
    for (const one of active.filter((one) => served.includes(one.declaration))) {
      const name = `${one.declaration.logicalId} (${one.declaration.type})`;
      for (const reason of natives.unsupported(one.declaration.type, known(one.properties))) {
        this.unsupported.add(`${name}: ${reason}`);
      }
    }
    return true;
  }

  private refer(logicalId: string): PartialValue {
    if (!this.active.has(logicalId)) this.unresolvedDependency(logicalId);
    else this.found.add(logicalId);
    return unresolved;
  }

  private referToAttribute(logicalId: string, name: string): PartialValue {
    this.refer(logicalId);
    const declaration = this.options.template.resources.get(logicalId);
    if (!declaration || hasOwnAttributes(declaration.type)) return unresolved;
    const { type } = declaration;
    const schema = resourceSchema(type);
    if (schema && !schema.attributes.includes(name) && !(name in schema.properties)) {
      this.invalid.add(
        `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`,
      );
      return unresolved;
    }
    const provider = this.providers.find(type);
    if (
      provider instanceof RecordedProvider &&
      !provider.hasAttribute(name, declaration.properties)
    ) {
      this.unsupported.add(`attribute ${name} of the recorded type ${type} (${logicalId})`);
    }
    return unresolved;
  }

  private isDeclared(name: string): boolean {
    const { parameters, resources } = this.options.template;
    return name.startsWith('AWS::') || name in parameters || resources.has(name);
  }

  private unresolvedDependency(logicalId: string): void {
    this.invalid.add(
      `Template format error: Unresolved resource dependencies [${logicalId}] in the ${this.block} block of the template`,
    );
  }

  private attempt<T>(evaluate: () => T): T | undefined {
    try {
      return evaluate();
    } catch (error) {
      if (error instanceof NotImplementedError) this.unsupported.add(error.what);
      else this.invalid.add(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}

/** Properties without those that only the deployment will bring. */
function known(properties: PartialObject): ResourceProperties {
  const rest = withoutUnresolved(properties);
  return isObject(rest) ? rest : {};
}

function list(resources: readonly ResourceDeclaration[]): string {
  return resources.map(({ logicalId, type }) => `${logicalId} (${type})`).join(', ');
}

/** Every condition is evaluated, be it used or not. @throws ServiceError `ValidationError` */
function checkConditions(options: StackScopeOptions): void {
  const { conditions, parameters } = options.template;
  const names = Object.values(conditions).flatMap((condition) => [...referredNames(condition)]);
  const unknown = names.filter((name) => !name.startsWith('AWS::') && !(name in parameters));
  if (unknown.length > 0) {
    throw templateFormatError(
      `Unresolved dependencies [${unknown.join(', ')}]. Cannot reference resources in the Conditions block of the template`,
    );
  }
  const scope = new StackScope(options, {
    reference: () => unresolved,
    attribute: () => unresolved,
    ...unknownStacks,
  });
  for (const name of Object.keys(conditions)) scope.condition(name);
}

/** Whether attributes come from the resource itself: custom resources and the outputs of nested stacks. */
function hasOwnAttributes(type: string): boolean {
  return isCustomResource(type) || type === 'AWS::CloudFormation::Stack';
}
