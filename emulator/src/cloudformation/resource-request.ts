import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import type { RandomSource } from '../random/random';
import { resolveDynamicReferences, type ValueResolvers } from './dynamic-references';
import type { Imports } from './imports';
import { evaluateSome } from './intrinsics';
import { physicalName } from './physical-names';
import { validateProperties } from './property-validation';
import type { ResourceProperties, ResourceRequest, TemplateValue } from './provider';
import { resourceSchema } from './resource-schemas';
import type { Stack } from './stack';
import { withoutEcho } from './stack-outputs';
import type { PlannedResource } from './stack-plan';
import type { StackScope } from './stack-scope';
import { unsupportedUpdatePolicies } from './update-policy';
import { isComplete, isObject, type TemplateObject } from './values';

/** What an operation on a stack's resources needs besides the plan. */
export interface OperationContext {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly resolvers: ValueResolvers;
  readonly caller: Caller;
  readonly origin: string;
  /** The tags that the stack has once the operation is done. */
  readonly stackTags: Readonly<Record<string, string>>;
  /** What is not made, because it exists. */
  readonly imports: Imports;
}

/** A resource's properties and update policy with all functions evaluated. */
export interface EvaluatedProperties {
  /** Its properties; dynamic references are left as they are. */
  readonly declared: TemplateObject;
  /** JSON as events show it: without what is not to be echoed. */
  readonly shown: string;
  readonly updatePolicy: TemplateObject;
}

/** Evaluates the properties and the update policy of a resource. @throws Error if something that they refer to is not there */
export function evaluateProperties(
  { declaration: { logicalId, properties, updatePolicy } }: PlannedResource,
  stack: Stack,
  scope: StackScope,
): EvaluatedProperties {
  const evaluate = (value: TemplateObject, within: StackScope) =>
    evaluateObject(`Properties of ${logicalId}`, value, within);
  const declared = evaluate(properties, scope);
  const hides = scope.hides || stack.resources().some(({ state }) => state?.noEcho);
  const shown = hides ? evaluate(properties, withoutEcho(stack, scope.concealing())) : declared;
  return {
    declared,
    shown: JSON.stringify(shown),
    updatePolicy: evaluateObject(`UpdatePolicy of ${logicalId}`, updatePolicy, scope),
  };
}

function evaluateObject(what: string, value: TemplateObject, scope: StackScope): TemplateObject {
  const evaluated = evaluateSome(value, scope);
  if (!isComplete(evaluated)) throw new Error(`${what} are unresolved`);
  if (!isObject(evaluated)) throw new Error(`${what} must be an object`);
  return evaluated;
}

/** What a provider is asked for: properties looked up and checked. */
export async function resourceRequest(
  stack: Stack,
  { declaration, provider }: PlannedResource,
  { declared, updatePolicy }: EvaluatedProperties,
  context: OperationContext,
): Promise<ResourceRequest> {
  const { account, region, name, id } = stack.identity;
  const { logicalId } = declaration;
  const properties = await resolveDynamicReferences(declared, context.resolvers, account, region);
  if (!isObject(properties)) throw new Error(`Properties of ${logicalId} must be an object`);
  checkResolved(logicalId, declaration.type, properties);
  const stream = context.random.stream(`cloudformation/${account}/${region}/${name}/${logicalId}`);
  const reasons = [
    ...(provider.unsupported?.(properties) ?? []),
    ...unsupportedUpdatePolicies(updatePolicy),
  ];
  if (reasons.length > 0) throw new Error(reasons.join('; '));
  return {
    logicalId,
    stackName: name,
    stackId: id,
    account,
    region,
    caller: context.caller,
    properties,
    updatePolicy,
    stackTags: context.stackTags,
    origin: context.origin,
    generateName: (maxLength) => physicalName(name, logicalId, maxLength, stream),
  };
}

/** What was unresolved while the plan was made is checked once it has its value. */
function checkResolved(logicalId: string, type: string, properties: ResourceProperties): void {
  const schema = resourceSchema(type);
  const problems = schema ? validateProperties(schema, properties) : [];
  if (problems.length > 0) {
    throw new Error(
      `Properties validation failed for resource ${logicalId} with message: [${problems.join(', ')}]`,
    );
  }
}

/** What `Ref` and `Fn::GetAtt` return for the resources that a stack has. */
export function existingResources(stack: Stack): {
  reference(logicalId: string): TemplateValue;
  attribute(logicalId: string, name: string): TemplateValue;
} {
  const stateOf = (logicalId: string) => {
    const state = stack.resource(logicalId)?.state;
    if (!state) throw new Error(`Resource ${logicalId} does not exist`);
    return state;
  };
  return {
    reference: (logicalId) => stateOf(logicalId).physicalId,
    attribute: (logicalId, name) => {
      const { attributes, requestId } = stateOf(logicalId);
      const value = attributes[name];
      if (value === undefined) {
        const type = stack.resource(logicalId)?.type;
        throw new Error(
          requestId === undefined
            ? `cdk-decouple-emulator has no attribute ${name} for ${logicalId} (${type})`
            : `CustomResource attribute error: Vendor response doesn't contain ${name} attribute in object ${stack.id}|${logicalId}|${requestId}`,
        );
      }
      return value;
    },
  };
}
