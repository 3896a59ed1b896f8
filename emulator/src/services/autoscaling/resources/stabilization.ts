import type { Activity } from '../activity';
import type { Group } from '../group';

/**
 * Resolves once a group has the instances in service that it must have.
 *
 * @param known - the failure that is no news
 * @throws Error in CloudFormation's words if EC2 starts none
 */
export function stabilized(group: Group, known?: Activity): Promise<void> {
  return when(group, () => {
    const { minSize } = group.settings;
    if (group.all.filter(({ inService }) => inService).length >= minSize) return true;
    const { lastFailure } = group.activities;
    if (lastFailure === undefined || lastFailure === known) return false;
    throw new Error(
      `Group did not stabilize. Last scaling activity: ${lastFailure.statusMessage ?? ''}`,
    );
  });
}

/** Resolves once a group has no instances left. */
export function emptied(group: Group): Promise<void> {
  return when(group, () => group.members.size === 0);
}

/** Resolves once something holds of a group, or it is deleted. */
export function when(group: Group, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      try {
        if (!group.deleted && !holds()) return;
        group.whenChanged.delete(look);
        resolve();
      } catch (error) {
        group.whenChanged.delete(look);
        reject(error);
      }
    };
    group.whenChanged.add(look);
    look();
  });
}
