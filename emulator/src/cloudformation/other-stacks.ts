import { accountOfRoleArn } from '../iam/arns';
import type { Caller } from '../iam/caller';
import type { StackStore } from './stack-store';
import { validationError } from './template-errors';
import { type PartialValue, unresolved } from './values';

/** What `Fn::GetStackOutput` asks for. */
export interface StackOutputQuery {
  readonly stackName: string;
  readonly outputName: string;
  /** @default - that of the stack that asks */
  readonly region?: string;
  /** A role that may describe the stack: its account is the stack's. @default - whoever deploys the stack that asks */
  readonly roleArn?: string;
}

/** What a template's functions can know of other stacks. */
export interface OtherStacks {
  importedValue(exportName: string): PartialValue;
  stackOutput(query: StackOutputQuery): PartialValue;
}

/** Other stacks where nothing is known of them. */
export const unknownStacks: OtherStacks = {
  importedValue: () => unresolved,
  stackOutput: () => unresolved,
};

/** Asks whether the output of another stack may be read; throws if not. The composition root fills it. */
export type AuthorizeStackOutput = (request: {
  readonly caller: Caller;
  /** The role that reads in the caller's place. */
  readonly roleArn?: string;
  readonly stackId: string;
}) => void;

/**
 * Other stacks as a stack of that account and region sees them.
 *
 * @param authorize - asked before an output is read
 */
export function otherStacks(
  stacks: StackStore,
  { account, region }: { readonly account: string; readonly region: string },
  authorize: (stackId: string, roleArn?: string) => void = () => undefined,
): OtherStacks {
  return {
    importedValue(name) {
      const found = stacks.exports(account, region).find((one) => one.name === name);
      if (!found) throw validationError(`No export named ${name} found.`);
      return found.value;
    },

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
    stackOutput({ outputName, region: other = region, roleArn, stackName }) {
      const owner = roleArn === undefined ? account : accountOfRoleArn(roleArn);
      if (owner === undefined) throw validationError(`Role ${roleArn} is invalid`);
      const stack = stacks.get(stackName, owner, other);
      authorize(stack.id, roleArn);
      const output = stack.outputs.find(({ key }) => key === outputName);
      if (!output) throw validationError(`Stack ${stackName} has no output named ${outputName}`);
      return output.value;
    },
  };
}
