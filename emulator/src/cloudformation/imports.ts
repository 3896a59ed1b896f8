import type { FindRequest, ResourceIdentifier, ResourceState } from './provider';
import { resourceSchema } from './resource-schemas';
import type { StackChanges } from './stack-changes';
import type { PlannedResource, StackPlan } from './stack-plan';
import type { StackStore } from './stack-store';
import { validationError } from './template-errors';

/** What is to be imported into a stack, by logical id. */
export type Imports = ReadonlyMap<string, ResourceIdentifier>;

/** Whom and where a search for resources to import is for. */
export type ImportTarget = Omit<FindRequest, 'identifier'>;

/** A resource that is to be imported as a call names it. */
export interface ResourceToImport {
  readonly logicalId: string;
  readonly type: string;
  readonly identifier: ResourceIdentifier;
}

/**
 * Finds the resource that a planned one is to become.
 *
 * @throws ServiceError `ValidationError` if its type cannot be imported, or if there is none.
 */
export async function findImported(
  { declaration, provider }: PlannedResource,
  identifier: ResourceIdentifier,
  target: ImportTarget,
): Promise<ResourceState> {
  const { logicalId, type } = declaration;
  if (!provider.find) {
    throw validationError(
      `ResourceTypes [${type}] are not supported for Import (${logicalId}) by cdk-decouple-emulator`,
    );
  }
  const state = await provider.find({ ...target, identifier });
  if (state) return state;
  throw validationError(
    `Resource of type '${type}' with identifier '${Object.values(identifier).join('|')}' was not found.`,
  );
}

/** Names of the properties that identify a resource of a type, each way of doing so a list: there is one. */
export function identifiersOf(type: string): string[] {
  return [resourceSchema(type)?.ref.join(',') ?? ''];
}

/**
 * Checks that an import is nothing but that.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html
 *
 * @throws ServiceError `ValidationError`
 */
export async function checkImports(
  resources: readonly ResourceToImport[],
  { plan, changes }: { readonly plan: StackPlan; readonly changes: StackChanges },
  target: ImportTarget,
  stacks: StackStore,
): Promise<Imports> {
  const imports = new Map(resources.map((one) => [one.logicalId, one.identifier]));
  const idsOf = (...actions: string[]) =>
    changes.resources
      .filter(({ action, logicalId }) => actions.includes(action) && !imports.has(logicalId))
      .map(({ logicalId }) => logicalId)
      .join(', ');
  const [added, changed] = [idsOf('Add'), idsOf('Modify', 'Remove')];
  if (added) throw validationError(`Resources [${added}] is missing from ResourceToImport list`);
  if (changed) {
    throw validationError(
      `You have modified resources [${changed}] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`,
    );
  }
  if (changes.others) {
    throw validationError('As part of the import operation, you cannot modify or add [Outputs]');
  }
  for (const { identifier, logicalId, type } of resources) {
    const planned = plan.resources.get(logicalId);
    if (planned?.declaration.type !== type) {
      throw validationError(`Resource [${logicalId}] of type ${type} is not in the template`);
    }
    if (changes.resources.every((change) => change.logicalId !== logicalId)) {
      throw validationError(`Resource [${logicalId}] is already part of the stack`);
    }
    if (!planned.declaration.hasDeletionPolicy) {
      throw validationError(
        `Resources to import must have DeletionPolicy attribute specified in the template. [${logicalId}]`,
      );
    }
    const state = await findImported(planned, identifier, target);
    const owner = stacks.ownerOf(type, state.physicalId, target.account, target.region);
    if (owner) throw validationError(`${state.physicalId} already exists in stack ${owner.id}`);
  }
  return imports;
}

/**
 * The new resources of a template that exist already and are to become what is in it: named in the template
 * itself, of a type that can be imported, and in no stack.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
 *
 * @returns with `failure` what stands against it, in words that the CDK CLI looks for.
 */
export async function automaticImports(
  { plan, changes }: { readonly plan: StackPlan; readonly changes: StackChanges },
  target: ImportTarget,
  stacks: StackStore,
): Promise<{ readonly imports: Imports; readonly failure?: string }> {
  const imports = new Map<string, ResourceIdentifier>();
  const deletable: string[] = [];
  for (const { action, logicalId } of changes.resources) {
    const planned = action === 'Add' ? plan.resources.get(logicalId) : undefined;
    const identifier = planned && literalIdentifier(planned);
    if (!identifier) continue;
    const { declaration, provider } = planned;
    const { deletionPolicy, type } = declaration;
    const state = await provider.find?.({ ...target, identifier });
    if (!state || stacks.ownerOf(type, state.physicalId, target.account, target.region)) continue;
    imports.set(logicalId, identifier);
    if (!deletionPolicy.startsWith('Retain')) {
      const pairs = Object.entries(identifier).map(([name, value]) => `${name}=${value}`);
      deletable.push(`${logicalId} ({${pairs.join(',')}})`);
    }
  }
  if (deletable.length === 0) return { imports };
  const failure = `CloudFormation is attempting to import some resources because they already exist in your account. The resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' in the template for successful import. The affected resources are ${deletable.join(', ')}`;
  return { imports, failure };
}

/** The identifier that the template gives as it stands: names made by functions do not count, on AWS as here. */
function literalIdentifier({ declaration, provider }: PlannedResource) {
  if (!provider.find) return undefined;
  const names = resourceSchema(declaration.type)?.ref ?? [];
  const values = names.map((name) => declaration.properties[name]);
  if (values.length === 0 || !values.every((value) => typeof value === 'string')) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, String(values[index])]));
}
