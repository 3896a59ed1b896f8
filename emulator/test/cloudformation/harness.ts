import { SteppedClock } from '../../src/clock/manual-clock';
import { StackFailedError } from '../../src/cloudformation';
import {
  CloudFormation,
  type CloudFormationOptions,
} from '../../src/cloudformation/cloudformation';
import type {
  ExistingResourceRequest,
  ResourceProperties,
  ResourceProvider,
  ResourceRequest,
  ResourceState,
  UpdateRequest,
} from '../../src/cloudformation/provider';
import type { Stack } from '../../src/cloudformation/stack';
import type {
  CreateStackRequest,
  UpdateStackRequest,
} from '../../src/cloudformation/stack-requests';
import { TemplateRejectedError } from '../../src/cloudformation/template-errors';
import type { Caller } from '../../src/iam/caller';
import { randomSource } from '../../src/random/random';

export const account = '000000000000';
export const region = 'us-east-1';
export const developer: Caller = {
  kind: 'developer',
  account,
  arn: `arn:aws:iam::${account}:root`,
};

/** What CloudFormation is given where nobody is told of its events. */
export const withoutTopics = {
  topics: { check: () => undefined, publish: () => undefined },
  principalId: ({ account }: Caller) => account,
};

/** A provider that remembers what it was asked, and fails or waits where a test says so. */
export class FakeProvider implements ResourceProvider {
  readonly level = 'emulated';
  readonly created: ResourceRequest[] = [];
  readonly deleted: ExistingResourceRequest[] = [];
  readonly updated: UpdateRequest[] = [];
  /** What there is, by physical id, with its properties. */
  readonly live = new Map<string, ResourceProperties>();
  /** By logical id, what each update in turn fails with; undefined lets one pass. */
  readonly failUpdate = new Map<string, (string | undefined)[]>();
  readonly failCreate = new Map<string, string>();
  readonly failDelete = new Map<string, string>();
  readonly gates = new Map<string, Promise<void>>();

  constructor(
    readonly type: string,
    private readonly attributes: (
      request: ResourceRequest,
    ) => ResourceState['attributes'] = () => ({}),
    private readonly refuse: (properties: ResourceProperties) => string[] = () => [],
  ) {}

  unsupported(properties: ResourceProperties): string[] {
    return this.refuse(properties);
  }

  async create(request: ResourceRequest): Promise<ResourceState> {
    this.created.push(request);
    await this.gates.get(request.logicalId);
    const reason = this.failCreate.get(request.logicalId);
    if (reason !== undefined) throw new Error(reason);
    const physicalId = request.generateName(80);
    this.live.set(physicalId, request.properties);
    return { physicalId, attributes: this.attributes(request) };
  }

  async update(request: UpdateRequest): Promise<ResourceState> {
    this.updated.push(request);
    await this.gates.get(request.logicalId);
    const reason = this.failUpdate.get(request.logicalId)?.shift();
    if (reason !== undefined) throw new Error(reason);
    this.live.set(request.physicalId, request.properties);
    return { physicalId: request.physicalId, attributes: this.attributes(request) };
  }

  async delete(request: ExistingResourceRequest): Promise<void> {
    const reason = this.failDelete.get(request.logicalId);
    if (reason !== undefined) throw new Error(reason);
    this.deleted.push(request);
    this.live.delete(request.physicalId);
  }

  /** What was created under a logical id. */
  properties(logicalId: string): ResourceProperties {
    const request = this.created.find((one) => one.logicalId === logicalId);
    if (!request) throw new Error(`${logicalId} was not created`);
    return request.properties;
  }
}

/** An engine with a queue, a parameter and a role provider, on the manual clock. */
export function engine(options: Partial<CloudFormationOptions> = {}) {
  const clock = new SteppedClock();
  const queues = new FakeProvider(
    'AWS::SQS::Queue',
    ({ account, region, logicalId }) => ({
      Arn: `arn:aws:sqs:${region}:${account}:${logicalId}`,
      QueueName: logicalId,
    }),
    (properties) =>
      properties.SqsManagedSseEnabled === 'false' ? ['SqsManagedSseEnabled false'] : [],
  );
  const parameters = new FakeProvider('AWS::SSM::Parameter');
  const roles = new FakeProvider('AWS::IAM::Role', ({ logicalId }) => ({
    Arn: `arn:aws:iam::${account}:role/${logicalId}`,
  }));
  const cloudFormation = new CloudFormation({
    clock,
    random: randomSource(1),
    providers: [queues, parameters, roles],
    ...options,
  });
  const create = (
    template: object | string,
    request: Partial<CreateStackRequest> = {},
  ): Promise<Stack> =>
    cloudFormation.createStack({
      name: 'Test',
      template: typeof template === 'string' ? template : JSON.stringify(template),
      account,
      region,
      caller: developer,
      origin: 'http://127.0.0.1:4566',
      ...request,
    });
  const update = (
    template: object | string,
    request: Partial<UpdateStackRequest> = {},
  ): Promise<Stack | undefined> =>
    cloudFormation.updateStack({
      name: 'Test',
      template: typeof template === 'string' ? template : JSON.stringify(template),
      account,
      region,
      caller: developer,
      origin: 'http://127.0.0.1:4566',
      ...request,
    });
  const remove = (name = 'Test') => cloudFormation.deleteStack(name, account, region);
  return { clock, cloudFormation, queues, parameters, roles, create, update, remove };
}

/** A parameter resource that holds a value for a test to look at. */
export function holder(value: unknown): object {
  return { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: value } };
}

/** What a template's value comes to once a stack with it has been created. */
export async function resolvedValue(
  value: unknown,
  template: object = {},
  request: Partial<CreateStackRequest> = {},
  options: Partial<CloudFormationOptions> = {},
): Promise<unknown> {
  const { create, parameters } = engine(options);
  const { Resources: resources = {}, ...rest } = template as { Resources?: object };
  await create({ ...rest, Resources: { ...resources, Holder: holder(value) } }, request);
  return parameters.properties('Holder').Value;
}

/** A queue as a template declares it. */
export function queue(properties: object = {}, attributes: object = {}): object {
  return { Type: 'AWS::SQS::Queue', Properties: properties, ...attributes };
}

/** C needs B, B needs A; D stands alone. */
export const chain = {
  Resources: {
    C: queue({}, { DependsOn: 'B' }),
    B: queue({ QueueName: { 'Fn::Join': ['', ['after-', { 'Fn::GetAtt': 'A.QueueName' }]] } }),
    A: queue(),
    D: queue(),
  },
};

/** The error of a stack that fails. */
export async function failure(promise: Promise<unknown>): Promise<StackFailedError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StackFailedError)) throw new Error(`not a failed stack: ${error}`);
  return error;
}

/** The error of a template that cannot be deployed. */
export async function rejection(
  template: object | string,
  options: Partial<CloudFormationOptions> = {},
): Promise<TemplateRejectedError> {
  const error = await engine(options)
    .create(template)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!(error instanceof TemplateRejectedError)) throw new Error(`not rejected: ${error}`);
  return error;
}

/** The events of a stack named Test since its last operation of that kind, one line each. */
export function linesOf(stack: Stack, from = 'UPDATE_IN_PROGRESS'): string[] {
  const lines = stack
    .events()
    .map(({ logicalResourceId: id, resourceStatus: status, resourceStatusReason: reason }) =>
      [id, status, reason].filter(Boolean).join(' '),
    );
  return lines.slice(lines.indexOf(`Test ${from} User Initiated`));
}

/** Two queues, the second of which needs the first. */
export const two = (first: object, second: object = {}) => ({
  Resources: { A: queue(first), B: queue(second, { DependsOn: 'A' }) },
});
