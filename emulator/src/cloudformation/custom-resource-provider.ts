import type { Caller } from '../iam/caller';
import { NotImplementedError } from '../protocol/errors';
import type { RandomSource } from '../random/random';
import {
  CreationFailedError,
  type ExistingResourceRequest,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
  type TemplateValue,
  type UpdateRequest,
} from './provider';
import { reasonOf } from './resource-creation';
import { isList, isObject, isScalar } from './values';

/** What a custom resource's handler is told, but for the `ResponseURL`, which belongs to the transport. */
export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly StackId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  /** With `ServiceToken` in it; numbers and booleans are text, as CloudFormation sends them. */
  readonly ResourceProperties: Readonly<Record<string, TemplateValue>>;
  /** Only of an update. */
  readonly OldResourceProperties?: Readonly<Record<string, TemplateValue>>;
}

/** What a handler answered. */
export interface CustomResourceResult {
  readonly physicalResourceId: string;
  readonly data?: Readonly<Record<string, TemplateValue>>;
  /** Whether outputs show the data as asterisks. @default false */
  readonly noEcho?: boolean;
}

/** Which handler is asked, and for whom. */
export interface CustomResourceTarget {
  readonly serviceToken: string;
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
}

/** A handler answered FAILED. */
export class CustomResourceFailure extends Error {
  constructor(
    reason: string,
    /** Of what the handler made before it failed, if it says so. */
    readonly physicalResourceId: string | undefined,
  ) {
    super(reason);
  }
}

/**
 * Has a custom resource's handler, the function or topic that `serviceToken` names, do its work.
 * Rejects with a {@link CustomResourceFailure} if it answers FAILED. The composition root fills it.
 */
export type InvokeCustomResource = (
  event: CustomResourceEvent,
  target: CustomResourceTarget,
) => Promise<CustomResourceResult>;

/**
 * Custom resources (`Custom::*`, `AWS::CloudFormation::CustomResource`).
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export class CustomResourceProvider implements ResourceProvider {
  readonly level = 'emulated';

  constructor(
    /** As the template has it, such as `Custom::S3AutoDeleteObjects`. */
    readonly type: string,
    private readonly invoke: InvokeCustomResource,
    private readonly random: RandomSource,
  ) {}

  /** Whatever went wrong, a rollback asks the handler to delete what it may have made. */
  async create(request: ResourceRequest): Promise<ResourceState> {
    try {
      return await this.call('Create', request);
    } catch (error) {
      if (error instanceof NotImplementedError) throw error;
      const answered = error instanceof CustomResourceFailure && error.physicalResourceId;
      throw new CreationFailedError(reasonOf(error), answered || request.generateName(1024));
    }
  }

  /** A handler that answers with another physical id has replaced the resource: it is asked to delete the old one later. */
  update(request: UpdateRequest): Promise<ResourceState> {
    const { physicalId, previous, properties } = request;
    if (previous.properties.ServiceToken !== properties.ServiceToken) {
      throw new Error('Modifying service token is not allowed.');
    }
    return this.call('Update', request, physicalId, previous.properties);
  }

  async delete(request: ExistingResourceRequest): Promise<void> {
    await this.call('Delete', request, request.physicalId);
  }

  private async call(
    requestType: CustomResourceEvent['RequestType'],
    request: ResourceRequest,
    physicalId?: string,
    oldProperties?: ResourceProperties,
  ): Promise<ResourceState> {
    const serviceToken = request.properties.ServiceToken;
    if (typeof serviceToken !== 'string') {
      throw new Error('Invalid Custom Resource: ServiceToken is required');
    }
    const { account, region, caller, stackId, logicalId } = request;
    const stream = this.random.stream(`cloudformation/custom/${stackId}/${logicalId}`);
    const requestId = stream.uuid();
    const { data, noEcho, physicalResourceId } = await this.invoke(
      {
        RequestType: requestType,
        RequestId: requestId,
        StackId: stackId,
        ResourceType: this.type,
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceProperties: textProperties(request.properties),
        ...(oldProperties && { OldResourceProperties: textProperties(oldProperties) }),
      },
      { serviceToken, account, region, caller },
    );
    return { physicalId: physicalResourceId, attributes: data ?? {}, noEcho, requestId };
  }
}

function textProperties(
  properties: Readonly<Record<string, TemplateValue>>,
): Readonly<Record<string, TemplateValue>> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, asText(value)]),
  );
}

function asText(value: TemplateValue): TemplateValue {
  if (isScalar(value)) return String(value);
  if (isList<TemplateValue>(value)) return value.map(asText);
  return isObject(value) ? textProperties(value) : value;
}
