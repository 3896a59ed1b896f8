import type { NestedStacks } from './nested-stacks';
import { hiddenValue, type ParameterValue } from './parameters';
import type {
  ExistingResourceRequest,
  LiveProperties,
  ReadRequest,
  ResourceProperties,
  ResourceProvider,
  ResourceRequest,
  ResourceState,
  TemplateValue,
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
      .filter((name) => !['NotificationARNs', 'Parameters', 'Tags', 'TemplateURL'].includes(name))
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

  /** The nested stack as one resource: drift inside it is found by a detection of its own. */
  async read(request: ReadRequest): Promise<LiveProperties | undefined> {
    const stack = this.stacks.find(request.physicalId, request);
    if (!stack) return undefined;
    const { parameters, tags } = stack.identity;
    const declared = sourceOf(request).parameters;
    return {
      // What the template leaves to a default has no part in it.
      Parameters: Object.fromEntries(
        parameters
          .filter(({ key }) => key in declared)
          .map((parameter) => [parameter.key, parameterValue(parameter, declared[parameter.key])]),
      ),
      NotificationARNs: [...stack.notificationArns],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    };
  }
}

/** A value that is not shown counts as the template's; a list is kept as text. */
function parameterValue(
  { input, shown }: ParameterValue,
  declared: TemplateValue | undefined,
): TemplateValue {
  const same = shown === hiddenValue || (Array.isArray(declared) && declared.join(',') === input);
  return same && declared !== undefined ? declared : input;
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
