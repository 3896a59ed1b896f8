import type { NestedStacks } from './nested-stacks';
import type {
  ExistingResourceRequest,
  ResourceProperties,
  ResourceProvider,
  ResourceRequest,
  ResourceState,
  UpdateRequest,
} from './provider';
import type { Stack } from './stack';
import { isObject } from './values';

/** `AWS::CloudFormation::Stack`: a stack as a resource of another, its outputs as attributes `Outputs.<key>`. */
export class NestedStackProvider implements ResourceProvider {
  readonly type = 'AWS::CloudFormation::Stack';
  readonly level = 'emulated';

  constructor(private readonly stacks: NestedStacks) {}

  unsupported(properties: ResourceProperties): string[] {
    return Object.keys(properties)
      .filter((name) => !['Parameters', 'Tags', 'TemplateURL'].includes(name))
      .map((name) => `property ${name}`);
  }

  async create(request: ResourceRequest): Promise<ResourceState> {
    const { url, parameters } = sourceOf(request);
    return stateOf(await this.stacks.create(request, url, parameters));
  }

  async update(request: UpdateRequest): Promise<ResourceState> {
    const { url, parameters } = sourceOf(request);
    return stateOf(await this.stacks.update(request, url, parameters));
  }

  delete(request: ExistingResourceRequest): Promise<void> {
    return this.stacks.delete(request.physicalId, request);
  }
}

function sourceOf({ properties }: ResourceRequest) {
  const { TemplateURL: url, Parameters: parameters = {} } = properties;
  if (typeof url !== 'string') throw new Error('TemplateURL must be specified');
  return { url, parameters: isObject(parameters) ? parameters : {} };
}

function stateOf({ id, outputs }: Stack): ResourceState {
  const attributes = outputs.map(({ key, value }) => [`Outputs.${key}`, value]);
  return { physicalId: id, attributes: Object.fromEntries(attributes) };
}
