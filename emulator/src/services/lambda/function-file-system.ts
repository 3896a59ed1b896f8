import type { Authorize, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { Mount } from '../../user-code/mounts/mounted-paths';
import { invalid } from './errors';
import type { RoleGiver } from './execution-role';
import type { FileSystemSource, MountableFileSystem } from './file-system-source';
import type { FunctionVersion } from './function';
import { constraint, type FunctionSettings, type SettingsInput } from './function-settings';

/** https://docs.aws.amazon.com/lambda/latest/api/API_FileSystemConfig.html */
const arnPattern =
  'arn:aws[a-zA-Z-]*:elasticfilesystem:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}:\\d{12}:access-point/fsap-[a-f0-9]{17}';
const pathPattern = '/mnt/[a-zA-Z0-9-_.]+';
const longestPath = 160;

type Vpc = NonNullable<FunctionSettings['recorded']['vpc']>;

/** Checks which file system a function may mount, and mounts it. */
export class FunctionFileSystems {
  constructor(
    private readonly account: string,
    private readonly region: string,
    private readonly source: FileSystemSource,
    private readonly authorize: Authorize,
  ) {}

  /**
   * Checks the file system of a function that is created or updated, as Lambda does: it is reached from the function's VPC, and has a
   * mount target that is available in each availability zone in which the function may run.
   *
   * @param base - what the function has so far
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html
   * @throws ServiceError InvalidParameterValueException, AccessDeniedException
   */
  check(
    input: SettingsInput,
    base: FunctionSettings | undefined,
    { call, caller }: RoleGiver,
  ): void {
    checkForm(input.fileSystems ?? []);
    if (input.fileSystems === undefined && input.vpc === undefined) return;
    const [config] = input.fileSystems ?? (base?.fileSystem ? [base.fileSystem] : []);
    if (!config) return;
    const { arn } = config;
    const vpc = input.vpc ?? base?.recorded.vpc;
    if (!vpc || vpc.subnetIds.length === 0)
      throw invalid(
        input.fileSystems === undefined
          ? `Function VPC configuration cannot be removed with access point ${arn} referenced.`
          : `Function must be configured to execute in a VPC to reference access point ${arn}.`,
      );
    const fileSystem = this.source.find(arn);
    if (!fileSystem) throw invalid(`EFS access point ${arn} does not exist.`);
    const action = 'elasticfilesystem:DescribeMountTargets';
    this.authorize({ caller, call, action, resource: fileSystem.arn });
    const places = this.mountTargetsFor(fileSystem, vpc);
    if (places.some((place) => place === undefined))
      throw invalid(
        `EFS file system ${fileSystem.arn} referenced by access point ${arn} does not have mount targets created in all availability zones the function will execute in. Please create mount targets and try the request again.`,
      );
    if (!places.every((place) => place?.available))
      throw invalid(
        `EFS file system ${fileSystem.arn} referenced by access point ${arn} has mount targets created in all availability zones the function will execute in, but not all are in the available life cycle state yet. Please wait for them to become available and try the request again.`,
      );
  }

  /**
   * Mounts the file system of a function, if it has any, for a new execution environment.
   *
   * @param caller - the function's role
   * @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
   * @throws ServiceError EFSMountConnectivityException, EFSMountFailureException
   */
  async mount({ settings }: FunctionVersion, caller: Caller): Promise<Mount | undefined> {
    if (!settings.fileSystem) return undefined;
    const { arn, localMountPath: path } = settings.fileSystem;
    const fileSystem = this.source.find(arn);
    const { vpc } = settings.recorded;
    const reached =
      fileSystem && vpc && this.mountTargetsFor(fileSystem, vpc).every((place) => place?.available);
    if (fileSystem && !reached)
      throw new ServiceError(
        'EFSMountConnectivityException',
        `The function couldn't connect to the Amazon EFS file system with access point ${arn}. Check your network configuration and try again.`,
        { members: { Type: 'User' } },
      );
    const mounted = fileSystem && (await this.source.mount(arn, caller));
    if (!mounted)
      throw new ServiceError(
        'EFSMountFailureException',
        `The function could not mount the EFS file system with access point ${arn}.`,
        { members: { Type: 'User' } },
      );
    return { path, ...mounted };
  }

  /** The mount target in the zone of each of a function's subnets; undefined where there is none. */
  private mountTargetsFor({ mountTargets }: MountableFileSystem, { subnetIds }: Vpc) {
    return subnetIds.map((id) => {
      const place = this.source.subnet(this.account, this.region, id);
      return mountTargets.find(({ vpcId, zone }) => vpcId === place?.vpcId && zone === place.zone);
    });
  }
}

function checkForm(configs: NonNullable<SettingsInput['fileSystems']>): void {
  if (configs.length > 1)
    throw constraint(
      `[${configs.map(({ arn }) => arn).join(', ')}]`,
      'fileSystemConfigs',
      'Member must have length less than or equal to 1',
    );
  for (const { arn, localMountPath } of configs) {
    matches('arn', arn, arnPattern);
    matches('localMountPath', localMountPath, pathPattern);
    if (localMountPath.length > longestPath)
      throw constraint(
        localMountPath,
        'fileSystemConfigs.1.member.localMountPath',
        `Member must have length less than or equal to ${longestPath}`,
      );
  }
}

function matches(member: string, value: string, pattern: string): void {
  if (!new RegExp(`^${pattern}$`).test(value))
    throw constraint(
      value,
      `fileSystemConfigs.1.member.${member}`,
      `Member must satisfy regular expression pattern: ${pattern}`,
    );
}
