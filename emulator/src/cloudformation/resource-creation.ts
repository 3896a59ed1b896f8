import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import type { RandomSource } from '../random/random';
import { visitInOrder } from './dependency-graph';
import { resolveDynamicReferences, type ValueResolvers } from './dynamic-references';
import { evaluateSome } from './intrinsics';
import { physicalName } from './physical-names';
import { validateProperties } from './property-validation';
import type { ResourceProperties, ResourceRequest, TemplateValue } from './provider';
import { resourceSchema } from './resource-schemas';
import type { Stack } from './stack';
import type { PlannedResource, StackPlan } from './stack-plan';
import type { StackScope } from './stack-scope';
import { isComplete, isObject } from './values';

/** A resource that failed of itself. */
export interface ResourceFailure {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

/** What creating resources needs besides the plan. */
export interface CreationContext {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly resolvers: ValueResolvers;
  readonly caller: Caller;
  readonly origin: string;
}

const cancelled = 'Resource creation cancelled';

/**
 * Creates all resources of a plan, as many at a time as their dependencies allow. After the first
 * failure nothing more is started, and what is under way counts as cancelled.
 *
 * @returns what failed of itself, empty if nothing did.
 */
export async function createResources(
  stack: Stack,
  plan: StackPlan,
  scope: StackScope,
  context: CreationContext,
): Promise<ResourceFailure[]> {
  const failures: ResourceFailure[] = [];
  await visitInOrder(plan.dependencies, async (logicalId) => {
    const planned = plan.resources.get(logicalId);
    if (!planned) return true;
    const { type } = planned.declaration;
    const common = { logicalId, type, level: planned.provider.level };
    stack.setResource({ ...common, status: 'CREATE_IN_PROGRESS' });
    try {
      const { request, state } = await context.clock.work(
        `create ${logicalId} (${type})`,
        async () => {
          const request = await resourceRequest(stack, planned, scope, context);
          return { request, state: await planned.provider.create(request) };
        },
      );
      const existing = { ...request, physicalId: state.physicalId };
      if (failures.length > 0) {
        stack.setResource({
          ...common,
          status: 'CREATE_FAILED',
          statusReason: cancelled,
          state,
          request: existing,
        });
        return false;
      }
      stack.setResource({
        ...common,
        status: 'CREATE_IN_PROGRESS',
        statusReason: 'Resource creation Initiated',
        state,
        request: existing,
      });
      stack.setResource({ ...common, status: 'CREATE_COMPLETE', state, request: existing });
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ logicalId, type, reason });
      stack.setResource({ ...common, status: 'CREATE_FAILED', statusReason: reason });
      return false;
    }
  });
  return failures;
}

async function resourceRequest(
  stack: Stack,
  { declaration, provider }: PlannedResource,
  scope: StackScope,
  context: CreationContext,
): Promise<ResourceRequest> {
  const { account, region, name, id, tags } = stack.identity;
  const evaluated = evaluateSome(declaration.properties, scope);
  if (!isComplete(evaluated)) throw new Error(`Unresolved properties of ${declaration.logicalId}`);
  const properties = await resolveDynamicReferences(evaluated, context.resolvers, account, region);
  if (!isObject(properties))
    throw new Error(`Properties of ${declaration.logicalId} must be an object`);
  checkResolved(declaration.logicalId, declaration.type, properties);
  const { logicalId } = declaration;
  const stream = context.random.stream(`cloudformation/${account}/${region}/${name}/${logicalId}`);
  const reasons = provider.unsupported?.(properties) ?? [];
  if (reasons.length > 0) throw new Error(reasons.join('; '));
  return {
    logicalId,
    stackName: name,
    stackId: id,
    account,
    region,
    caller: context.caller,
    properties,
    stackTags: tags,
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
      const value = stateOf(logicalId).attributes[name];
      if (value === undefined) {
        const type = stack.resource(logicalId)?.type;
        throw new Error(
          `cdk-decouple-emulator has no attribute ${name} for ${logicalId} (${type})`,
        );
      }
      return value;
    },
  };
}
