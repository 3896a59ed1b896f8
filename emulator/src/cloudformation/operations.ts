import type { Clock } from '../clock/clock';
import type { Authorize } from '../iam/caller';
import type { Handlers } from '../protocol/handlers';
import type { RandomSource } from '../random/random';
import { changeSetOperations } from './change-set-operations';
import { ChangeSets } from './change-sets';
import type { CloudFormation } from './cloudformation';
import { DriftDetections } from './drift-detections';
import { driftOperations } from './drift-operations';
import type { StackNotifications } from './stack-notifications';
import { stackOperations } from './stack-operations';
import { templateOperations } from './template-operations';

type Client = typeof import('@aws-sdk/client-cloudformation');

/** The operations of AWS CloudFormation. */
export function cloudFormationOperations(
  engine: CloudFormation,
  clock: Clock,
  random: RandomSource,
  authorize: Authorize,
  notifications: StackNotifications,
): Handlers<Client> {
  return {
    ...stackOperations(engine, clock, authorize, notifications),
    ...templateOperations(engine),
    ...changeSetOperations(engine, new ChangeSets(engine, clock, random), authorize, notifications),
    ...driftOperations(engine, new DriftDetections(engine.providers, clock, random)),
  };
}
