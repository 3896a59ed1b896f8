import { BusPolicy } from './bus-policy';
import { type BusAddress, busArn } from './names';
import type { Rule } from './rule';

/** A bus: events come in, and its rules say where they go. */
export class EventBus {
  readonly arn: string;
  readonly policy = new BusPolicy();
  readonly tags = new Map<string, string>();
  readonly rules = new Map<string, Rule>();
  description: string | undefined;
  modifiedAt: number;

  /** @param createdAt - emulated milliseconds since the epoch */
  constructor(
    readonly address: BusAddress,
    readonly createdAt: number,
  ) {
    this.arn = busArn(address);
    this.modifiedAt = createdAt;
  }

  /** As DescribeEventBus and ListEventBuses show it. */
  describe() {
    return {
      Name: this.address.name,
      Arn: this.arn,
      Description: this.description,
      Policy: this.policy.text,
      CreationTime: new Date(this.createdAt),
      LastModifiedTime: new Date(this.modifiedAt),
    };
  }
}
