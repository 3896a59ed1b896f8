import { Constraints } from '../constraints';
import { invalidArgument } from './errors';

interface Tag {
  readonly Key: string;
  readonly Value?: string | undefined;
}

/** The most tags of a delivery stream. */
export const maximumTags = 50;

/** @throws ServiceError ValidationException, InvalidArgumentException */
export function checkTags(tags: readonly Tag[]): void {
  const constraints = new Constraints('ValidationException');
  tags.forEach(({ Key, Value }, index) => {
    constraints
      .length(`tags.${index + 1}.member.key`, Key, 1, 128)
      .length(`tags.${index + 1}.member.value`, Value, 0, 256);
    if (Key.startsWith('aws:')) throw invalidArgument(`Tag key ${Key} must not begin with aws:`);
  });
  constraints.check();
}

export function tagRecord(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value ?? '']));
}
