import type { PropertyDrift } from './drift-comparison';
import type { ResourceProperties } from './provider';

/** What drift detection has found about one resource. */
export interface ResourceDrift {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** `UNKNOWN`: it could not be read. */
  readonly status: 'DELETED' | 'IN_SYNC' | 'MODIFIED' | 'UNKNOWN';
  /** Emulated milliseconds since the epoch. */
  readonly checkedAt: number;
  /** What the template sets, as far as it is compared; none of a resource that is gone. */
  readonly expected?: ResourceProperties;
  /** What the same properties have come to. */
  readonly actual?: ResourceProperties;
  readonly differences: readonly PropertyDrift[];
  /** Why it could not be read. */
  readonly reason?: string;
}

/** What drift detection has found about a stack. */
export class StackDrift {
  /** When a detection last began, in emulated milliseconds since the epoch. */
  lastCheck: number | undefined;
  private readonly byLogicalId = new Map<string, ResourceDrift>();

  /** The latest finding about each resource that has been checked, ordered by logical id. */
  get resources(): ResourceDrift[] {
    return [...this.byLogicalId.values()].sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
  }

  /** A stack has drifted if one of its resources has; one without resources that can is in sync. */
  get status(): 'DRIFTED' | 'IN_SYNC' | 'NOT_CHECKED' | 'UNKNOWN' {
    if (this.lastCheck === undefined) return 'NOT_CHECKED';
    if (this.drifted > 0) return 'DRIFTED';
    return this.resources.some(({ status }) => status === 'UNKNOWN') ? 'UNKNOWN' : 'IN_SYNC';
  }

  /** How many resources have been modified or deleted. */
  get drifted(): number {
    return this.resources.filter(({ status }) => status === 'MODIFIED' || status === 'DELETED')
      .length;
  }

  /** Undefined if the resource has not been checked. */
  of(logicalId: string): ResourceDrift | undefined {
    return this.byLogicalId.get(logicalId);
  }

  record(drift: ResourceDrift): void {
    this.byLogicalId.set(drift.logicalId, drift);
  }
}
