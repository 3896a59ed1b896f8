import { EFS } from '@aws-sdk/client-efs';
import { type DriftCase, text } from './drift-case';

const team = { Key: 'team', Value: 'shop' };

/** Changes of file systems and access points. */
export const fileSystems: readonly DriftCase[] = [
  {
    what: 'a file system has another throughput and lifecycle, and no policy',
    resource: 'Files',
    change: async (aws, id) => {
      const FileSystemId = id('Files');
      const efs = aws.client(EFS);
      await efs.updateFileSystem({ FileSystemId, ProvisionedThroughputInMibps: 8 });
      await efs.putLifecycleConfiguration({
        FileSystemId,
        LifecyclePolicies: [{ TransitionToIA: 'AFTER_7_DAYS' }],
      });
      await efs.putBackupPolicy({ FileSystemId, BackupPolicy: { Status: 'DISABLED' } });
      return efs.deleteFileSystemPolicy({ FileSystemId });
    },
    differences: [
      ['/BackupPolicy/Status', 'NOT_EQUAL', 'ENABLED', 'DISABLED'],
      [
        '/FileSystemPolicy',
        'REMOVE',
        text({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'elasticfilesystem:ClientMount' },
          ],
        }),
        'null',
      ],
      ['/LifecyclePolicies/0', 'ADD', 'null', text({ TransitionToIA: 'AFTER_7_DAYS' })],
      ['/LifecyclePolicies/0', 'REMOVE', text({ TransitionToIA: 'AFTER_30_DAYS' }), 'null'],
      ['/ProvisionedThroughputInMibps', 'NOT_EQUAL', '5', '8'],
    ],
  },
  {
    what: 'an access point has lost its tags',
    resource: 'FilesOfOrders',
    change: (aws, id) =>
      aws.client(EFS).untagResource({ ResourceId: id('FilesOfOrders'), TagKeys: ['team'] }),
    differences: [['/AccessPointTags/0', 'REMOVE', text(team), 'null']],
  },
  {
    what: 'an access point is gone',
    resource: 'FilesOfOrders',
    change: (aws, id) => aws.client(EFS).deleteAccessPoint({ AccessPointId: id('FilesOfOrders') }),
    differences: 'DELETED',
  },
];
