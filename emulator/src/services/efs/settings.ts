import type { LifecyclePolicy } from '@aws-sdk/client-efs';
import { badRequest } from './errors';
import type { CreationInfo, PosixUser, Throughput } from './file-system';

const largestId = 2 ** 32 - 1;
const maximumTags = 50;

/** @throws ServiceError BadRequest for a throughput that no file system can have. */
export function checkedThroughput(
  mode: string | undefined,
  provisioned: number | undefined,
): Throughput {
  const known = (['bursting', 'elastic', 'provisioned'] as const).find((one) => one === mode);
  if (mode !== undefined && !known) throw badRequest(`Throughput mode '${mode}' is not valid.`);
  if (known !== 'provisioned') {
    if (provisioned !== undefined)
      throw badRequest(
        'ProvisionedThroughputInMibps can only be specified with throughput mode provisioned.',
      );
    return { mode: known ?? 'bursting', provisioned: undefined };
  }
  if (provisioned === undefined)
    throw badRequest(
      'ProvisionedThroughputInMibps is required when throughput mode is provisioned.',
    );
  if (provisioned < 1)
    throw badRequest('ProvisionedThroughputInMibps must be greater than or equal to 1.0.');
  return { mode: known, provisioned };
}

/**
 * Checks the path of an access point: up to 100 characters, four directories deep.
 *
 * @throws ServiceError BadRequest
 * @see https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html
 */
export function checkedPath(path = '/'): string {
  const names = path.split('/').slice(1);
  const valid =
    path === '/' ||
    (path.length <= 100 &&
      /^(\/(?!\.)+[^$#<>;`|&?{}^*/\n]+){1,4}$/.test(path) &&
      names.every((name) => name !== '.' && name !== '..'));
  if (!valid) throw badRequest(`Root directory path '${path}' is not valid.`);
  return path;
}

/** @throws ServiceError BadRequest */
export function checkUser(user: PosixUser | undefined): void {
  if (!user) return;
  const { gid, secondaryGids = [], uid } = user;
  for (const id of [uid, gid, ...secondaryGids]) checkId(id);
  if (secondaryGids.length > 16)
    throw badRequest('A POSIX user can have at most 16 secondary group IDs.');
}

/** @throws ServiceError BadRequest */
export function checkCreationInfo(info: CreationInfo | undefined): void {
  if (!info) return;
  checkId(info.ownerUid);
  checkId(info.ownerGid);
  if (!/^[0-7]{3,4}$/.test(info.permissions))
    throw badRequest(`Permissions '${info.permissions}' are not valid.`);
}

function checkId(id: number): void {
  if (!Number.isInteger(id) || id < 0 || id > largestId)
    throw badRequest(`POSIX ID '${id}' is not valid.`);
}

/**
 * Checks lifecycle policies: one transition each, each transition once.
 *
 * @throws ServiceError BadRequest
 * @see https://docs.aws.amazon.com/efs/latest/ug/API_PutLifecycleConfiguration.html
 */
export function checkLifecycle(policies: readonly LifecyclePolicy[]): void {
  const kinds = policies.map((policy) => {
    const [kind, ...others] = Object.entries(policy).filter(([, value]) => value !== undefined);
    if (!kind || others.length > 0)
      throw badRequest('Each lifecycle policy must have exactly one transition.');
    const [name, value] = kind;
    if (!transitions[name]?.includes(value))
      throw badRequest(`'${value}' is not a valid value of ${name}.`);
    return name;
  });
  if (new Set(kinds).size < kinds.length)
    throw badRequest('A lifecycle configuration can have each transition only once.');
}

const days = [
  'AFTER_1_DAY',
  ...[7, 14, 30, 60, 90, 180, 270, 365].map((count) => `AFTER_${count}_DAYS`),
];
const transitions: Readonly<Record<string, readonly string[]>> = {
  TransitionToIA: days,
  TransitionToArchive: days,
  TransitionToPrimaryStorageClass: ['AFTER_1_ACCESS'],
};

/** @throws ServiceError BadRequest for tags that no resource can have, or that are more than it can have. */
export function checkTags(
  added: ReadonlyMap<string, string>,
  existing: ReadonlyMap<string, string> = new Map(),
): void {
  for (const [key, value] of added) {
    if (key.length < 1 || key.length > 128 || key.startsWith('aws:'))
      throw badRequest(`Tag key '${key}' is not valid.`);
    if (value.length > 256) throw badRequest(`The value of tag '${key}' is not valid.`);
  }
  if (new Set([...existing.keys(), ...added.keys()]).size > maximumTags)
    throw badRequest(`A resource cannot have more than ${maximumTags} tags.`);
}
