import type { Emulator } from '../../../src';

/** Something that somebody does behind CloudFormation's back, with the physical ids of resources. */
export type Change = (aws: Emulator, id: (logicalId: string) => string) => Promise<unknown>;

/** Path, kind, expected and actual value of a difference. */
export type Difference = readonly [path: string, kind: string, expected: string, actual: string];

/** A change, and the drift that is to be found. */
export interface DriftCase {
  readonly what: string;
  readonly resource: string;
  readonly change: Change;
  /** None of a resource that is gone. */
  readonly differences: readonly Difference[] | 'DELETED';
}

/** A document as services take it. */
export const text = (document: object) => JSON.stringify(document);
