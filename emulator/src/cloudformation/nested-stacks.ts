import type { Clock } from '../clock/clock';
import type { RandomSource } from '../random/random';
import type { CloudFormation } from './cloudformation';
import { nestedStackName } from './physical-names';
import type { ExistingResourceRequest, ResourceRequest, TemplateValue } from './provider';
import { reasonOf } from './resource-creation';
import { type Stack, StackFailedError } from './stack';

/**
 * Stacks that are resources of other stacks.
 *
 * While they are worked on, their own resources are the work in hand, not the parent that waits for
 * them. Unlike AWS, a nested stack clears up after its own update, not after its parent's.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
 */
export class NestedStacks {
  constructor(
    private readonly engine: CloudFormation,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  create(
    request: ResourceRequest,
    url: string,
    parameters: Readonly<Record<string, TemplateValue>>,
  ): Promise<Stack> {
    const { account, region, logicalId, stackName } = request;
    const random = this.random.stream(
      `cloudformation/nested/${account}/${region}/${stackName}/${logicalId}`,
    );
    return this.embedded('created', async () => {
      const operation = await this.engine.beginCreate(
        {
          ...target(request),
          name: nestedStackName(stackName, logicalId, random),
          template: await this.engine.template(url, account, region),
          parameters,
          tags: request.stackTags,
          // Its parent rolls back, and nobody but the parent could delete what is left.
          onFailure: 'DELETE',
        },
        { parent: this.engine.describe(request.stackId, account, region) },
      );
      return operation.finished;
    });
  }

  update(
    request: ExistingResourceRequest,
    url: string,
    parameters: Readonly<Record<string, TemplateValue>>,
  ): Promise<Stack> {
    const { account, region, physicalId } = request;
    return this.embedded('updated', async () => {
      const operation = await this.engine.beginUpdate({
        ...target(request),
        name: physicalId,
        template: await this.engine.template(url, account, region),
        parameters,
        tags: request.stackTags,
      });
      return operation?.finished ?? this.engine.describe(physicalId, account, region);
    });
  }

  async delete(stackId: string, request: ExistingResourceRequest): Promise<void> {
    const { account, region, caller } = request;
    await this.clock.park(async () => {
      try {
        await this.engine.deleteStack(stackId, account, region, caller);
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

function target({ account, caller, origin, region }: ResourceRequest) {
  return { account, caller, origin, region };
}
