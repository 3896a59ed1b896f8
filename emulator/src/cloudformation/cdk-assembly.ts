import type { App, cx_api, Stack, Stage } from 'aws-cdk-lib';
import { availabilityZones } from '../network/availability-zones';
import { NotImplementedError } from '../protocol/errors';

/** What can be deployed: a stack with all that it depends on, or all stacks of a stage or an app. */
export type CdkTarget = Stack | Stage | App;

/** Lookups of context that need no CLI: {@link withAvailabilityZones} answers them. */
const answeredLookups = ['availability-zones'];

/**
 * Synthesises the app that a target belongs to and returns its stacks, each after those that it
 * depends on.
 *
 * The built-in template validation, which costs seconds in every process, stays off unless
 * `CDK_VALIDATION` is set.
 *
 * @throws Error with all error annotations, as the CDK CLI does.
 */
export function synthesise(target: CdkTarget): cx_api.CloudFormationStackArtifact[] {
  const assembly = withoutValidation(() => rootOf(target).synth());
  const stacks = ordered(selected(target, assembly));
  const errors = stacks.flatMap((stack) =>
    stack.messages
      .filter(({ level }) => String(level) === 'error')
      .map(({ id, entry }) => `[Error at ${id}] ${String(entry.data)}`),
  );
  if (errors.length > 0) throw new Error(`Found errors\n${errors.join('\n')}`);
  for (const { provider, key } of assembly.manifest.missing ?? []) {
    if (!answeredLookups.includes(provider)) {
      throw new NotImplementedError(`lookups of the context provider ${provider} (${key})`);
    }
  }
  return stacks;
}

/**
 * A template with a region's availability zones in the place of the names by which aws-cdk-lib says that
 * nobody has looked them up yet. The CLI looks them up and synthesises again, which comes to the same.
 */
export function withAvailabilityZones(template: string, region: string): string {
  const [first, second, third] = availabilityZones(region).map(({ name }) => name);
  const zones: Readonly<Record<string, string | undefined>> = { a: first, b: second, c: third };
  return template.replace(/"dummy1([abc])"/g, (standIn, letter: string) =>
    JSON.stringify(zones[letter] ?? standIn),
  );
}

/** All stacks of the app that depend on one of these, and these, each before those that it depends on. */
export function dependents(target: CdkTarget): cx_api.CloudFormationStackArtifact[] {
  const assembly = withoutValidation(() => rootOf(target).synth());
  const chosen = new Set(selected(target, assembly).map(({ id }) => id));
  const all = ordered(assembly.stacksRecursively);
  for (const stack of all) {
    if (stack.dependencies.some(({ id }) => chosen.has(id))) chosen.add(stack.id);
  }
  return all.filter(({ id }) => chosen.has(id)).reverse();
}

function rootOf(target: CdkTarget): Stage {
  const { root } = target.node;
  if (isStage(root)) return root;
  throw new Error(`${target.node.path} belongs to no App`);
}

function isStage(construct: object): construct is Stage {
  return 'synth' in construct && typeof construct.synth === 'function';
}

function selected(
  target: CdkTarget,
  assembly: cx_api.CloudAssembly,
): cx_api.CloudFormationStackArtifact[] {
  const { path } = target.node;
  if (!isStage(target)) {
    const { artifactId } = target;
    return assembly.stacksRecursively.filter(({ id }) => id === artifactId);
  }
  if (path === '') return assembly.stacksRecursively;
  return assembly.stacksRecursively.filter(({ hierarchicalId }) =>
    hierarchicalId.startsWith(`${path}/`),
  );
}

/** Depth first, so that what a stack depends on comes before it. */
function ordered(
  stacks: readonly cx_api.CloudFormationStackArtifact[],
): cx_api.CloudFormationStackArtifact[] {
  const result = new Set<cx_api.CloudFormationStackArtifact>();
  const visit = (stack: cx_api.CloudFormationStackArtifact): void => {
    if (result.has(stack)) return;
    for (const dependency of stack.dependencies) if (isStack(dependency)) visit(dependency);
    result.add(stack);
  };
  for (const stack of stacks) visit(stack);
  return [...result];
}

function isStack(artifact: cx_api.CloudArtifact): artifact is cx_api.CloudFormationStackArtifact {
  return String(artifact.manifest.type) === 'aws:cloudformation:stack';
}

function withoutValidation<T>(synthesise: () => T): T {
  if (process.env.CDK_VALIDATION !== undefined) return synthesise();
  process.env.CDK_VALIDATION = 'false';
  try {
    return synthesise();
  } finally {
    delete process.env.CDK_VALIDATION;
  }
}
