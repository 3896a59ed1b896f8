import { validationError } from './errors';

/** What a group does by itself, and can be told to leave. */
export const processNames = [
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'Launch',
  'ReplaceUnhealthy',
  'ScheduledActions',
  'Terminate',
] as const;

export type ProcessName = (typeof processNames)[number];

/**
 * The processes of a group that are suspended, with why.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
export class SuspendedProcesses {
  private readonly reasons = new Map<ProcessName, string>();

  has(name: ProcessName): boolean {
    return this.reasons.has(name);
  }

  /** @param given - @default - all @throws ValidationError naming one that there is not */
  suspend(given: readonly string[] | undefined, reason: string): void {
    for (const name of named(given)) this.reasons.set(name, reason);
  }

  /** @param given - @default - all @throws ValidationError naming one that there is not */
  resume(given: readonly string[] | undefined): void {
    for (const name of named(given)) this.reasons.delete(name);
  }

  describe(): { ProcessName: string; SuspensionReason: string }[] {
    return [...this.reasons].map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    }));
  }
}

function named(given: readonly string[] | undefined): readonly ProcessName[] {
  if (!given || given.length === 0) return processNames;
  return given.map((name) => {
    const known = processNames.find((one) => one === name);
    if (!known)
      throw validationError(
        `${name} is not a valid scaling process: there are ${processNames.join(', ')}`,
      );
    return known;
  });
}
