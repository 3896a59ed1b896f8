import type { EfsRegion } from './efs-region';
import { accessPointAlreadyExists, accessPointLimitExceeded, badRequest } from './errors';
import type { AccessPoint, CreationInfo, PosixUser } from './file-system';
import { checkCreationInfo, checkedPath, checkTags, checkUser } from './settings';

/** https://docs.aws.amazon.com/efs/latest/ug/limits.html */
const maximumAccessPoints = 10_000;

/** An access point to be made. */
export interface AccessPointRequest {
  readonly fileSystemId: string;
  readonly clientToken: string;
  readonly posixUser: PosixUser | undefined;
  /** @default '/' */
  readonly path: string | undefined;
  readonly creationInfo: CreationInfo | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * Makes an access point. A second call with the same token is refused, whatever else it says.
 *
 * @param atOnce - whether no emulated time passes
 * @throws ServiceError in AWS's codes.
 */
export function createAccessPoint(
  region: EfsRegion,
  request: AccessPointRequest,
  { atOnce }: { readonly atOnce: boolean },
): { readonly accessPoint: AccessPoint; readonly created: Promise<void> } {
  const fileSystem = region.availableFileSystem(request.fileSystemId);
  const { clientToken, creationInfo, posixUser, tags } = request;
  if (clientToken.length < 1 || clientToken.length > 64)
    throw badRequest('ClientToken must be between 1 and 64 characters long.');
  const existing = [...region.accessPoints.values()].find((one) => one.clientToken === clientToken);
  if (existing) throw accessPointAlreadyExists(existing.id, clientToken);
  if (region.accessPointsOf(fileSystem).length >= maximumAccessPoints)
    throw accessPointLimitExceeded(maximumAccessPoints);
  checkTags(tags);
  checkUser(posixUser);
  checkCreationInfo(creationInfo);
  const id = region.newId('fsap', clientToken);
  const accessPoint: AccessPoint = {
    id,
    arn: region.accessPointArn(id),
    clientToken,
    fileSystemId: fileSystem.id,
    posixUser,
    path: checkedPath(request.path),
    creationInfo,
    tags: new Map(tags),
    state: 'creating',
  };
  region.accessPoints.set(id, accessPoint);
  const created = region.transition(`creation of ${id}`, atOnce).then(() => {
    if (accessPoint.state === 'creating') accessPoint.state = 'available';
  });
  return { accessPoint, created };
}

/** Deletes an access point; the files below it stay. @returns when it is gone */
export function deleteAccessPoint(
  region: EfsRegion,
  accessPoint: AccessPoint,
  { atOnce }: { readonly atOnce: boolean },
): Promise<void> {
  accessPoint.state = 'deleting';
  return region.transition(`deletion of ${accessPoint.id}`, atOnce).then(() => {
    region.accessPoints.delete(accessPoint.id);
  });
}
