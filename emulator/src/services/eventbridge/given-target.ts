import type { InputOf } from '../../protocol/handlers';

type EventBridge = typeof import('@aws-sdk/client-eventbridge');

/** A target as PutTargets is given it. */
export type GivenTarget = InputOf<EventBridge, 'PutTargets'>['Targets'][number];
