import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { Regional } from '../service';
import type { EfsApi } from './descriptions';
import type { EfsRegion } from './efs-region';
import { badRequest, policyNotFound } from './errors';
import { permitted } from './file-system-operations';
import { putPolicy } from './file-system-policy';
import { checkLifecycle } from './settings';

/** Policies of file systems: who may use them, when files move to cheaper storage, whether they are backed up. */
export function policyOperations(regions: Regional<EfsRegion>) {
  const fileSystemOf = (context: CallContext, id: string) =>
    permitted(regions.in(context.account, context.region), context, id);
  return {
    PutFileSystemPolicy(input, context) {
      acceptOnly('PutFileSystemPolicy', input, [
        'BypassPolicyLockoutSafetyCheck',
        'FileSystemId',
        'Policy',
      ]);
      const fileSystem = fileSystemOf(context, input.FileSystemId);
      putPolicy(fileSystem, input.Policy, {
        bypassesCheck: input.BypassPolicyLockoutSafetyCheck ?? false,
        mayPutAgain: () =>
          context.authorize('elasticfilesystem:PutFileSystemPolicy', fileSystem.arn),
      });
      return { FileSystemId: fileSystem.id, Policy: fileSystem.policy };
    },

    DescribeFileSystemPolicy(input, context) {
      acceptOnly('DescribeFileSystemPolicy', input, ['FileSystemId']);
      const { id, policy } = fileSystemOf(context, input.FileSystemId);
      if (policy === undefined)
        throw policyNotFound(`File system '${id}' has the default file system policy.`);
      return { FileSystemId: id, Policy: policy };
    },

    DeleteFileSystemPolicy(input, context) {
      acceptOnly('DeleteFileSystemPolicy', input, ['FileSystemId']);
      fileSystemOf(context, input.FileSystemId).policy = undefined;
      return {};
    },

    PutLifecycleConfiguration(input, context) {
      acceptOnly('PutLifecycleConfiguration', input, ['FileSystemId', 'LifecyclePolicies']);
      const fileSystem = fileSystemOf(context, input.FileSystemId);
      checkLifecycle(input.LifecyclePolicies);
      fileSystem.lifecycle = input.LifecyclePolicies;
      return { LifecyclePolicies: [...fileSystem.lifecycle] };
    },

    DescribeLifecycleConfiguration(input, context) {
      acceptOnly('DescribeLifecycleConfiguration', input, ['FileSystemId']);
      const { lifecycle } = fileSystemOf(context, input.FileSystemId);
      return { LifecyclePolicies: [...lifecycle] };
    },

    PutBackupPolicy(input, context) {
      acceptOnly('PutBackupPolicy', input, ['BackupPolicy', 'FileSystemId']);
      const fileSystem = fileSystemOf(context, input.FileSystemId);
      fileSystem.backup = backupOf(input.BackupPolicy.Status);
      return { BackupPolicy: { Status: fileSystem.backup } };
    },

    DescribeBackupPolicy(input, context) {
      acceptOnly('DescribeBackupPolicy', input, ['FileSystemId']);
      const { backup, id } = fileSystemOf(context, input.FileSystemId);
      if (backup === undefined) throw policyNotFound(`File system '${id}' has no backup policy.`);
      return { BackupPolicy: { Status: backup } };
    },
  } satisfies Handlers<EfsApi>;
}

/** @throws ServiceError BadRequest */
export function backupOf(status: string): 'ENABLED' | 'DISABLED' {
  if (status === 'ENABLED' || status === 'DISABLED') return status;
  throw badRequest(`Backup policy status '${status}' is not valid.`);
}
