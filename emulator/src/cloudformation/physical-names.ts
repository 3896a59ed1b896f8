import { type RandomStream, upperAlphanumeric } from '../random/random';

const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const suffixLength = 12;

/**
 * A name as CloudFormation makes it: `<stack>-<logical id>-<12 random characters>`, the first two
 * shortened where `maxLength` requires it.
 */
export function physicalName(
  stackName: string,
  logicalId: string,
  maxLength: number,
  random: RandomStream,
): string {
  const room = maxLength - suffixLength - 2;
  const suffix = random.characters(suffixLength, lettersAndDigits);
  if (room < 2) return suffix.slice(0, maxLength);
  const stackLength = Math.max(room - logicalId.length, Math.floor(room / 2));
  const stack = stackName.slice(0, stackLength);
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
}

/** The name of a nested stack: `<parent>-<logical id>-<12 random capitals and digits>`, at most 128 characters. */
export function nestedStackName(parent: string, logicalId: string, random: RandomStream): string {
  const suffix = random.characters(suffixLength, upperAlphanumeric);
  return `${`${parent}-${logicalId}`.slice(0, 128 - suffixLength - 1)}-${suffix}`;
}
