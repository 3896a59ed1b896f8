import type { Clock } from '../clock/clock';
import type { RandomSource } from '../random/random';
import type { CloudFormation } from './cloudformation';
import { nestedStackName } from './physical-names';
import {
  type ExistingResourceRequest,
  PropertyReader,
  type ResourceRequest,
  type TemplateValue,
} from './provider';
import { reasonOf } from './resource-creation';
import { type Stack, StackFailedError, type StackIdentity } from './stack';

/**
 * Stacks that are resources of other stacks.
 *
 * While they are worked on, their own resources are the work in hand, not the parent that waits for
 * them. Unlike AWS, a nested stack clears up after its own update, not after its parent's.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
 */
export class NestedStacks {
  /** Those that change sets have made room for, by parent and logical id, while their parents are created or updated. */
  private readonly reviewed = new Map<string, Stack>();

  constructor(
    private readonly engine: CloudFormation,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  /** A name for the nested stack that a resource is to be. */
  nameFor(parent: Pick<StackIdentity, 'account' | 'name' | 'region'>, logicalId: string): string {
    const { account, name, region } = parent;
    const stream = `cloudformation/nested/${account}/${region}/${name}/${logicalId}`;
    return nestedStackName(name, logicalId, this.random.stream(stream));
  }

  /** Has the next creation of a resource take a stack that a change set has made room for. */
  expect(parentId: string, logicalId: string, stack: Stack): void {
    this.reviewed.set(`${parentId}/${logicalId}`, stack);
  }

  create(
    request: ResourceRequest,
    url: string,
    parameters: Readonly<Record<string, TemplateValue>>,
  ): Promise<Stack> {
    const { account, region, logicalId, stackId, stackName } = request;
    const key = `${stackId}/${logicalId}`;
    const reviewed = this.reviewed.get(key);
    this.reviewed.delete(key);
    return this.embedded('created', async () => {
      const parent = this.engine.describe(stackId, account, region);
      const operation = await this.engine.beginCreate(
        {
          ...target(request, parent),
          name: reviewed?.name ?? this.nameFor({ account, region, name: stackName }, logicalId),
          template: await this.engine.template(url, account, region),
          parameters,
          tags: tagsOf(request),
          // Its parent rolls back, and nobody but the parent could delete what is left.
          onFailure: 'DELETE',
          express: parent.identity.express,
        },
        { parent, reviewed },
      );
      return operation.finished;
    });
  }

  update(
    request: ExistingResourceRequest,
    url: string,
    parameters: Readonly<Record<string, TemplateValue>>,
  ): Promise<Stack> {
    const { account, region, physicalId, stackId } = request;
    return this.embedded('updated', async () => {
      const parent = this.engine.describe(stackId, account, region);
      const operation = await this.engine.beginUpdate({
        ...target(request, parent),
        name: physicalId,
        express: parent.identity.express,
        template: await this.engine.template(url, account, region),
        parameters,
        tags: tagsOf(request),
      });
      return operation?.finished ?? this.engine.describe(physicalId, account, region);
    });
  }

  /** Undefined if there is none, or none any more. */
  find(stackId: string, { account, region }: ResourceRequest): Stack | undefined {
    const stack = this.engine.find(stackId, account, region);
    return stack?.status === 'DELETE_COMPLETE' ? undefined : stack;
  }

  async delete(stackId: string, request: ExistingResourceRequest): Promise<void> {
    const { account, region, caller } = request;
    const parent = this.engine.find(request.stackId, account, region);
    const operator = { ...parent?.operator, caller };
    await this.clock.park(async () => {
      try {
        await this.engine.deleteStack(stackId, account, region, operator);
      } catch (error) {
        const reason = reasonOf(error);
        throw new Error(`Embedded stack ${stackId} was not successfully deleted: ${reason}`);
      }
    });
  }

  private embedded(done: string, work: () => Promise<Stack>): Promise<Stack> {
    return this.clock.park(async () => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StackFailedError)) throw error;
        throw new Error(
          `Embedded stack ${error.failedStack.id} was not successfully ${done}: ${error.message}`,
        );
      }
    });
  }
}

/** Those of the parent, with those that the template gives to the nested stack itself. */
function tagsOf({ properties, stackTags }: ResourceRequest): Record<string, string> {
  return { ...stackTags, ...new PropertyReader(properties).tags() };
}

/** A nested stack is worked on in the name of the operation on its parent, and tells topics of its own. */
function target(
  { account, caller, origin, properties, region }: ResourceRequest,
  { operator: { clientRequestToken } }: Stack,
) {
  const notificationArns = new PropertyReader(properties).strings('NotificationARNs') ?? [];
  return { account, caller, clientRequestToken, notificationArns, origin, region };
}
