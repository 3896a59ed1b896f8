import { NotImplementedError } from '../../protocol/errors';
import { validationError } from './errors';
import type { Member } from './member';
import { countByZone, fullestZones } from './zone-balance';

/** By which an instance is chosen to be terminated when a group scales in. */
export const terminationPolicyTypes = [
  'AllocationStrategy',
  'ClosestToNextInstanceHour',
  'Default',
  'NewestInstance',
  'OldestInstance',
  'OldestLaunchConfiguration',
  'OldestLaunchTemplate',
] as const;

/** @throws ValidationError; NotImplementedError for functions that choose */
export function checkTerminationPolicies(given: readonly string[]): void {
  for (const policy of given) {
    if (terminationPolicyTypes.some((one) => one === policy)) continue;
    if (policy.startsWith('arn:'))
      throw new NotImplementedError('termination policies of functions');
    throw validationError(`Termination policy ${policy} is not valid.`);
  }
}

const hour = 60 * 60 * 1000;

/**
 * Chooses what to terminate: out of the zone that has most instances, and among them by the policies, one after
 * the other until one instance is left; of several that are alike, the first by its id.
 *
 * @param candidates - those in service and not protected
 * @param members - all that count, for the balance of zones
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
export function chooseVictim(
  candidates: readonly Member[],
  members: readonly Member[],
  policies: readonly string[],
  now: number,
): Member | undefined {
  const zones = [...new Set(members.map(({ zone }) => zone))].sort();
  const fullest = fullestZones(countByZone(zones, members)).find((zone) =>
    candidates.some((candidate) => candidate.zone === zone),
  );
  let left = candidates.filter(({ zone }) => fullest === undefined || zone === fullest);
  for (const policy of policies.flatMap(stepsOf)) {
    if (left.length <= 1) break;
    left = lowest(left, (member) => rank(policy, member, now));
  }
  return left.sort((a, b) => (a.id < b.id ? -1 : 1))[0];
}

function stepsOf(policy: string): string[] {
  return policy === 'Default' ? ['OldestLaunchTemplate', 'ClosestToNextInstanceHour'] : [policy];
}

function rank(policy: string, member: Member, now: number): number {
  switch (policy) {
    case 'OldestInstance':
      return member.joinedAt;
    case 'NewestInstance':
      return -member.joinedAt;
    case 'OldestLaunchTemplate':
      return Number(member.template?.version ?? 0);
    case 'ClosestToNextInstanceHour':
      return hour - ((now - member.joinedAt) % hour);
    default:
      // All instances are on demand and of launch templates: these two say nothing about them.
      return 0;
  }
}

function lowest(members: readonly Member[], rankOf: (member: Member) => number): Member[] {
  const ranks = members.map(rankOf);
  const least = Math.min(...ranks);
  return members.filter((_, i) => ranks[i] === least);
}
