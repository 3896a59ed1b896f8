import type { CallContext, Handlers } from '../../protocol/handlers';
import type { Ec2Region } from './ec2-region';

/** The SDK's client module, whose types the operations have. */
export type Client = typeof import('@aws-sdk/client-ec2');

/** Some of the operations of EC2. */
export type Operations = Handlers<Client>;

/** Finds the networks that a call is about. */
export type RegionOf = (context: Pick<CallContext, 'account' | 'region'>) => Ec2Region;

/**
 * A value as EC2 answers it, where the SDK's list of values lacks it or spells it otherwise:
 * an internet gateway's attachment is `available`, and so is an endpoint (not `Available`).
 */
export function answered<T extends string>(value: string): T {
  return value as T;
}
