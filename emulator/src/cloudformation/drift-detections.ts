import type { Clock } from '../clock/clock';
import type { RandomSource } from '../random/random';
import type { ProviderRegistry } from './provider-registry';
import { type DriftQuestion, detectResourceDrift, isReadable } from './resource-drift';
import type { Stack, StackResource } from './stack';
import type { ResourceDrift, StackDrift } from './stack-drift';
import { validationError } from './template-errors';

/** One run of drift detection over a stack. */
export interface DriftDetection {
  readonly id: string;
  readonly stackId: string;
  /** When it began, in emulated milliseconds since the epoch. */
  readonly startedAt: number;
  /** Undefined while it is under way. */
  result?: {
    readonly status: 'DETECTION_COMPLETE' | 'DETECTION_FAILED';
    /** Which resources could not be read, and why, as JSON text. */
    readonly reason?: string;
    readonly stackStatus: StackDrift['status'];
    /** How many of the stack's resources have been modified or deleted. */
    readonly drifted: number;
  };
}

/** The statuses in which AWS detects drift: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html */
const checkable = [
  'CREATE_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
];

/**
 * Detects where stacks have drifted from their templates. A nested stack is one resource of its parent: its own
 * resources are checked by a detection of its own.
 */
export class DriftDetections {
  private readonly byId = new Map<string, DriftDetection>();

  constructor(
    private readonly providers: ProviderRegistry,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  /**
   * Begins to check a stack's resources; those of types without drift detection are left out.
   *
   * @param logicalIds - those to check. @default - all
   * @throws ServiceError `ValidationError` if the stack is being worked on or failed, if it is being checked already,
   *   or for a resource that it does not have.
   */
  begin(stack: Stack, logicalIds: readonly string[] | undefined, by: Asker): DriftDetection {
    this.assertCheckable(stack);
    const running = [...this.byId.values()].find(
      ({ result, stackId }) => stackId === stack.id && !result,
    );
    if (running) {
      throw validationError(`Drift detection is already in progress for stack [${stack.id}]`);
    }
    const resources = logicalIds?.map((id) => resourceOf(stack, id)) ?? stack.resources();
    const detection: DriftDetection = {
      id: this.random.stream(`cloudformation/drift/${stack.id}`).uuid(),
      stackId: stack.id,
      startedAt: this.clock.now(),
    };
    this.byId.set(detection.id, detection);
    const { drift } = stack;
    void this.clock.work(`detect drift of ${stack.name}`, async () => {
      const found = await Promise.all(resources.map((one) => this.check(stack, drift, one, by)));
      drift.lastCheck = detection.startedAt;
      detection.result = resultOf(drift, found);
    });
    return detection;
  }

  /** @throws ServiceError `ValidationError` if there is none of that id. */
  get(id: string): DriftDetection {
    const detection = this.byId.get(id);
    if (!detection) throw validationError(`Drift detection with id ${id} does not exist`);
    return detection;
  }

  /**
   * Checks one resource.
   *
   * @throws ServiceError `ValidationError` as {@link begin}, or for a resource of a type without drift detection.
   */
  async checkResource(stack: Stack, logicalId: string, by: Asker): Promise<ResourceDrift> {
    this.assertCheckable(stack);
    const resource = resourceOf(stack, logicalId);
    const { drift } = stack;
    const found = await this.check(stack, drift, resource, by);
    if (!found) {
      throw validationError(`Drift detection is not supported for ResourceType ${resource.type}`);
    }
    drift.lastCheck = found.checkedAt;
    return found;
  }

  /** Undefined for a resource that cannot be checked. */
  private async check(
    stack: Stack,
    drift: StackDrift,
    resource: StackResource,
    by: Asker,
  ): Promise<ResourceDrift | undefined> {
    const provider = this.providers.find(resource.type);
    if (!isReadable(provider)) return undefined;
    const question = { ...by, now: this.clock.now() };
    const found = await detectResourceDrift(stack, resource, provider, question);
    if (found) drift.record(found);
    return found;
  }

  private assertCheckable(stack: Stack): void {
    if (checkable.includes(stack.status)) return;
    throw validationError(
      `Drift detection cannot be performed on stack [${stack.id}] in ${stack.status} state`,
    );
  }
}

type Asker = Pick<DriftQuestion, 'caller' | 'origin'>;

function resourceOf(stack: Stack, logicalId: string): StackResource {
  const resource = stack.resource(logicalId);
  if (resource) return resource;
  throw validationError(`Resource ${logicalId} does not exist for stack ${stack.name}`);
}

function resultOf(
  drift: StackDrift,
  found: readonly (ResourceDrift | undefined)[],
): DriftDetection['result'] {
  const failures = found.flatMap((one) =>
    one?.status === 'UNKNOWN' ? [{ Resource: one.logicalId, FailureReason: one.reason }] : [],
  );
  const common = { stackStatus: drift.status, drifted: drift.drifted };
  if (failures.length === 0) return { ...common, status: 'DETECTION_COMPLETE' };
  const names = failures.map(({ Resource: name }) => name).join(', ');
  const Summary = `Failed to detect drift on resources [${names}]`;
  return {
    ...common,
    status: 'DETECTION_FAILED',
    reason: JSON.stringify({ Summary, Failures: failures }),
  };
}
