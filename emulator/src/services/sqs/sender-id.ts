import { createHash } from 'node:crypto';
import type { Caller } from '../../iam/caller';

const cache = new Map<string, string>();

/**
 * A message's SenderId: the account of an administrator, `AROA…:session` of a role's session, and an
 * id such as an IAM user has of a service.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export function senderId(caller: Caller): string {
  switch (caller.kind) {
    case 'developer':
      return caller.account;
    case 'role-session':
      return `${uniqueId('AROA', caller.roleArn)}:${caller.sessionName}`;
    case 'service':
      return uniqueId('AIDA', caller.service);
  }
}

/** An id in IAM's form, always the same for the same name. */
function uniqueId(prefix: string, name: string): string {
  const key = prefix + name;
  let id = cache.get(key);
  if (id === undefined) {
    const digits = createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase();
    id = prefix + digits;
    cache.set(key, id);
  }
  return id;
}
