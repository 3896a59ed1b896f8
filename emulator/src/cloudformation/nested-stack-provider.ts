import type {
  ExistingResourceRequest,
  ResourceProperties,
  ResourceProvider,
  ResourceRequest,
  ResourceState,
  TemplateValue,
} from './provider';
import type { Stack } from './stack';
import { isObject } from './values';

/** Creates and deletes nested stacks for {@link NestedStackProvider}. */
export interface NestedStacks {
  create(
    request: ResourceRequest,
    templateUrl: string,
    parameters: Readonly<Record<string, TemplateValue>>,
  ): Promise<Stack>;
  delete(stackId: string, request: ExistingResourceRequest): Promise<void>;
}

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
    const { TemplateURL: url, Parameters: parameters = {} } = request.properties;
    if (typeof url !== 'string') throw new Error('TemplateURL must be specified');
    const stack = await this.stacks.create(request, url, isObject(parameters) ? parameters : {});
    return {
      physicalId: stack.id,
      attributes: Object.fromEntries(
        stack.outputs.map(({ key, value }) => [`Outputs.${key}`, value]),
      ),
    };
  }

  delete(request: ExistingResourceRequest): Promise<void> {
    return this.stacks.delete(request.physicalId, request);
  }
}
