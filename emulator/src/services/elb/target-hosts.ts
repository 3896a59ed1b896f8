import type { Readable } from 'node:stream';

/** Whose an instance is. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** An instance that may be a target. */
export interface TargetInstance {
  readonly vpcId: string;
  readonly zone: string;
  /** As EC2 has it, such as `running`. */
  readonly state: string;
}

/**
 * Who answers on a port of an instance: a process on a port of 127.0.0.1; nobody, as for a machine that is down or
 * frozen; or, for instances that are only recorded, whoever a test has put there.
 */
export type Respondent =
  | { readonly kind: 'process'; readonly port: number }
  | { readonly kind: 'refuses' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'recorded' };

/** EC2, as far as load balancers need it. */
export interface TargetHosts {
  instance(place: Place, id: string): TargetInstance | undefined;
  respondent(place: Place, id: string, port: number): Respondent;
  /** Undefined if there is no such subnet. */
  subnet(place: Place, id: string): { readonly vpcId: string; readonly zone: string } | undefined;
  /** VPC of a security group; undefined if there is no such group. */
  securityGroupVpc(place: Place, id: string): string | undefined;
  /** Ids of the security groups of what names none in a VPC. */
  defaultSecurityGroups(place: Place, vpcId: string): string[];
  /** Calls `listener` when an instance is shutting down, stops or runs again. */
  onState(listener: (place: Place, instanceId: string, state: string) => void): void;
}

/** A request as a target gets it. */
export interface TargetRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Readable | undefined;
}

/** What a handler of a test gets: a request, and the instance that it stands for. */
export interface HandledRequest extends Omit<TargetRequest, 'body'> {
  readonly instanceId: string;
  readonly body: Buffer;
}

/** What a target answers. */
export interface TargetResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string | Uint8Array;
}

/** Answers for the instances of a target group that are only recorded. */
export type TargetHandler = (request: HandledRequest) => TargetResponse | Promise<TargetResponse>;
