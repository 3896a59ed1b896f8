import type { LifecyclePolicy } from '@aws-sdk/client-efs';
import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
  type TemplateValue,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { documentOf, spelledAs, tagList } from '../live-properties';
import {
  changedProperties,
  sameState,
  templateTags,
  updateTemplateTags,
} from '../resource-updates';
import type { Regional, ServiceEnvironment } from '../service';
import type { EfsRegion } from './efs-region';
import type { FileSystem } from './file-system';
import { protectionOf } from './file-system-operations';
import { putPolicy, withResource } from './file-system-policy';
import { backupOf } from './policy-operations';
import { checkedThroughput, checkLifecycle } from './settings';

const type = 'AWS::EFS::FileSystem';

const properties = [
  'AvailabilityZoneName',
  'BackupPolicy',
  'BypassPolicyLockoutSafetyCheck',
  'Encrypted',
  'FileSystemPolicy',
  'FileSystemProtection',
  'FileSystemTags',
  'KmsKeyId',
  'LifecyclePolicies',
  'PerformanceMode',
  'ProvisionedThroughputInMibps',
  'ThroughputMode',
];

/** Kept and described: nothing is encrypted, moved, backed up or slowed down. */
const recorded = [
  'BackupPolicy',
  'Encrypted',
  'FileSystemProtection',
  'KmsKeyId',
  'LifecyclePolicies',
  'PerformanceMode',
  'ProvisionedThroughputInMibps',
  'ThroughputMode',
];

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-efs-filesystem.html */
export function fileSystemProvider(
  regions: Regional<EfsRegion>,
  { authorize }: ServiceEnvironment,
): ResourceProvider {
  const regionOf = ({ account, region }: Pick<ResourceRequest, 'account' | 'region'>) =>
    regions.in(account, region);
  const ask = (request: ResourceRequest, action: string, id: string) =>
    authorize({
      caller: request.caller,
      action: `elasticfilesystem:${action}`,
      resource: regionOf(request).fileSystemArn(id),
    });
  /** Does what takes calls of its own, each with its right. */
  const configure = (
    request: ResourceRequest,
    fileSystem: FileSystem,
    changed: ReadonlySet<string>,
  ): void => {
    const reader = new PropertyReader(request.properties);
    const { id } = fileSystem;
    if (changed.has('LifecyclePolicies')) {
      ask(request, 'PutLifecycleConfiguration', id);
      const policies = lifecycleOf(reader);
      checkLifecycle(policies);
      fileSystem.lifecycle = policies;
    }
    if (changed.has('BackupPolicy')) {
      ask(request, 'PutBackupPolicy', id);
      const status = reader.object('BackupPolicy')?.requiredString('Status');
      fileSystem.backup = backupOf(status ?? 'DISABLED');
    }
    if (changed.has('FileSystemProtection')) {
      ask(request, 'UpdateFileSystemProtection', id);
      const wanted = reader
        .object('FileSystemProtection')
        ?.string('ReplicationOverwriteProtection');
      fileSystem.overwriteProtection = protectionOf(wanted ?? 'ENABLED');
    }
    if (changed.has('FileSystemPolicy')) {
      const document = reader.json('FileSystemPolicy');
      if (document === undefined) {
        ask(request, 'DeleteFileSystemPolicy', id);
        fileSystem.policy = undefined;
        return;
      }
      ask(request, 'PutFileSystemPolicy', id);
      putPolicy(fileSystem, JSON.stringify(document), {
        bypassesCheck: reader.boolean('BypassPolicyLockoutSafetyCheck') ?? false,
        mayPutAgain: () => ask(request, 'PutFileSystemPolicy', id),
      });
    }
  };
  return {
    type,
    level: 'emulated',
    recordedProperties: recorded,
    tagsProperty: 'FileSystemTags',
    unorderedProperties: ['LifecyclePolicies'],
    unsupported: (given) => unsupportedProperties(type, given, properties),
    async create(request) {
      const region = regionOf(request);
      const reader = new PropertyReader(request.properties);
      ask(request, 'CreateFileSystem', '*');
      const { created, fileSystem } = region.createFileSystem(
        {
          creationToken: request.generateName(64),
          performanceMode: reader.string('PerformanceMode'),
          throughputMode: reader.string('ThroughputMode'),
          provisionedThroughput: reader.number('ProvisionedThroughputInMibps'),
          encrypted: reader.boolean('Encrypted'),
          kmsKeyId: reader.string('KmsKeyId'),
          zone: reader.string('AvailabilityZoneName'),
          backup: undefined,
          tags: new Map(Object.entries(templateTags(request, 'FileSystemTags'))),
        },
        { atOnce: true },
      );
      await created;
      try {
        configure(request, fileSystem, new Set(Object.keys(request.properties)));
      } catch (error) {
        await region.deleteFileSystem(fileSystem, { atOnce: true });
        throw error;
      }
      return fileSystemState(fileSystem);
    },
    async find({ account, region, identifier }) {
      const found = regions.in(account, region).fileSystems.get(identifier.FileSystemId ?? '');
      return found && fileSystemState(found);
    },
    async update(request) {
      const region = regionOf(request);
      const fileSystem = region.fileSystem(request.physicalId);
      const { previous } = request;
      const changed = changedProperties(previous.properties, request.properties);
      if (changed.has('ThroughputMode') || changed.has('ProvisionedThroughputInMibps')) {
        const reader = new PropertyReader(request.properties);
        ask(request, 'UpdateFileSystem', fileSystem.id);
        region.changeThroughput(
          fileSystem,
          checkedThroughput(
            reader.string('ThroughputMode'),
            reader.number('ProvisionedThroughputInMibps'),
          ),
        );
      }
      configure(request, fileSystem, changed);
      if (changed.has('FileSystemTags')) ask(request, 'TagResource', fileSystem.id);
      updateTemplateTags(fileSystem.tags, request, 'FileSystemTags');
      return sameState(request);
    },
    async delete(request) {
      const region = regionOf(request);
      const fileSystem = region.fileSystems.get(request.physicalId);
      ask(request, 'DeleteFileSystem', request.physicalId);
      if (fileSystem) await region.deleteFileSystem(fileSystem, { atOnce: true });
    },
    async read(request) {
      const region = regionOf(request);
      ask(request, 'DescribeFileSystems', request.physicalId);
      const found = region.fileSystems.get(request.physicalId);
      if (!found || found.state === 'deleting') return undefined;
      return liveFileSystem(found, request.properties);
    },
  };
}

function fileSystemState({ arn, id }: FileSystem): ResourceState {
  return { physicalId: id, attributes: { Arn: arn, FileSystemId: id } };
}

function lifecycleOf(reader: PropertyReader): LifecyclePolicy[] {
  // Which values there are, checkLifecycle says.
  return (reader.objects('LifecyclePolicies') ?? []).map((policy) =>
    Object.fromEntries(policy.keys().map((name) => [name, policy.string(name)])),
  );
}

function liveFileSystem(fileSystem: FileSystem, template: ResourceRequest['properties']) {
  const { lifecycle, policy, throughput } = fileSystem;
  return {
    AvailabilityZoneName: fileSystem.zone,
    BackupPolicy: { Status: fileSystem.backup ?? 'DISABLED' },
    Encrypted: fileSystem.encrypted,
    FileSystemPolicy: livePolicy(fileSystem, policy, template.FileSystemPolicy),
    FileSystemProtection: { ReplicationOverwriteProtection: fileSystem.overwriteProtection },
    FileSystemTags: tagList(fileSystem.tags),
    KmsKeyId: spelledAs(template.KmsKeyId, fileSystem.kmsKeyArn, (text) =>
      text.slice(text.lastIndexOf('/') + 1),
    ),
    LifecyclePolicies: lifecycle.map((one) => ({ ...one })),
    PerformanceMode: fileSystem.performanceMode,
    ProvisionedThroughputInMibps: throughput.provisioned,
    ThroughputMode: throughput.mode,
  };
}

/** Without the resources that EFS has filled in. */
function livePolicy(
  { arn }: FileSystem,
  policy: string | undefined,
  given: TemplateValue | undefined,
): TemplateValue | undefined {
  const asPut = given === undefined ? undefined : withResource(JSON.stringify(given), arn);
  return policy === asPut ? given : documentOf(policy);
}
