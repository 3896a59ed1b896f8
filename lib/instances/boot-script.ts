import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { ProgramBinding } from '../worker-program';
import type { MountedFileSystem } from './mounted-file-system';

/** EC2's limit for user data, before it is encoded: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
export const MAX_USER_DATA_BYTES = 16_384;

/**
 * Marks the descriptor inside user data, so that others than the boot script can find it: what an instance runs is versioned with
 * its launch template that way.
 */
const DESCRIPTOR_MARK = 'CDK_DECOUPLE_WORKER_V1';

/** What every instance needs to get its program and to send its logs. */
const PACKAGES = ['jq', 'unzip', 'amazon-cloudwatch-agent'];

/** A program in the words of the boot script. */
export interface BootOptions {
  readonly program: ProgramBinding;
  /** Variables that the instance adds to those of the program. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  /** Seconds that the program gets between SIGTERM and SIGKILL. */
  readonly stopSeconds: number;
  /** A file system that the program shares with others. */
  readonly fileSystem: MountedFileSystem | undefined;
}

/**
 * User data for Amazon Linux 2023: installs what the program needs, fetches it and runs it under systemd as a user without rights,
 * started again whenever it ends.
 *
 * An instance that cannot be set up switches itself off, and its group replaces it: one that does nothing would count as capacity. What
 * it said is in the log group, unless the agent itself could not be installed; it is on the console in any case.
 */
export function bootScript(scope: IConstruct, options: BootOptions): ec2.UserData {
  const { environment, fileSystem, logGroupName, program, stopSeconds } = options;
  const descriptor = Stack.of(scope).toJsonString({
    version: 1,
    asset: { bucket: program.asset.s3BucketName, key: program.asset.s3ObjectKey },
    command: program.command,
    env: { ...program.environment, ...environment },
    // The script has these two by itself, further down.
    stopSeconds,
    logGroup: logGroupName,
    ...(fileSystem && {
      fileSystem: {
        accessPoint: fileSystem.accessPoint.accessPointArn,
        path: fileSystem.mountPath,
      },
    }),
  });
  const userData = ec2.UserData.forLinux();
  userData.addCommands(
    // Else aws-cdk-lib and EC2 agree on /bin/bash, but not on what happens after an error.
    'set -Eeuo pipefail',
    "trap 'shutdown -h now' ERR",
    `install -d /etc/cdk-decouple && cat > /etc/cdk-decouple/worker.json <<'${DESCRIPTOR_MARK}'`,
    descriptor,
    DESCRIPTOR_MARK,
    ...install([...program.packages, ...(fileSystem ? ['amazon-efs-utils'] : [])]),
    ...logs(logGroupName),
    ...(fileSystem ? mount(fileSystem) : []),
    ...fetch(),
    ...service(stopSeconds, fileSystem?.mountPath),
  );
  return userData;
}

function install(packages: readonly string[]): string[] {
  const all = [...new Set([...PACKAGES, ...packages])].join(' ');
  return [
    'retry() { for _ in 1 2 3 4 5; do "$@" && return; sleep 15; done; return 1; }',
    `retry dnf install -y ${all}`,
    'worker() { jq -r "$1" /etc/cdk-decouple/worker.json; }',
  ];
}

/** The agent reads files, not the journal. */
function logs(logGroupName: string): string[] {
  const collect = (file: string, stream: string): object => ({
    file_path: file,
    log_group_name: logGroupName,
    log_stream_name: stream,
  });
  const config = JSON.stringify({
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            collect('/var/log/cdk-decouple/worker.log', '{instance_id}'),
            collect('/var/log/cloud-init-output.log', '{instance_id}/boot'),
          ],
        },
      },
    },
  });
  return [
    'install -d /var/log/cdk-decouple',
    "cat > /etc/cdk-decouple/logs.json <<'LOGS'",
    config,
    'LOGS',
    "cat > /etc/logrotate.d/cdk-decouple <<'ROTATE'",
    '/var/log/cdk-decouple/*.log { size 100M\nrotate 2\ncopytruncate\nmissingok\n}',
    'ROTATE',
    '/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/etc/cdk-decouple/logs.json',
  ];
}

/** By the mount helper, which encrypts the connection and signs it as the instance's role; again after each restart. */
function mount({ accessPoint, mountPath }: MountedFileSystem): string[] {
  const { accessPointId, fileSystem } = accessPoint;
  const options = `_netdev,tls,iam,accesspoint=${accessPointId}`;
  return [
    `install -d ${mountPath}`,
    `echo '${fileSystem.fileSystemId} ${mountPath} efs ${options} 0 0' >> /etc/fstab`,
    `retry mount ${mountPath}`,
  ];
}

function fetch(): string[] {
  return [
    'useradd --system --no-create-home --shell /sbin/nologin worker',
    'export AWS_DEFAULT_REGION="$(worker .env.AWS_REGION)"',
    'retry aws s3 cp "s3://$(worker .asset.bucket)/$(worker .asset.key)" /tmp/program.zip --only-show-errors',
    'install -d /opt/cdk-decouple/program',
    'unzip -q -o /tmp/program.zip -d /opt/cdk-decouple/program',
    'rm /tmp/program.zip',
  ];
}

function service(stopSeconds: number, mountPath: string | undefined): string[] {
  return [
    // As JSON has strings, so has systemd, line breaks apart, which the rules refuse.
    `worker '.env | to_entries[] | "\\(.key)=\\(.value | @json)"' > /etc/cdk-decouple/worker.env`,
    "cat > /opt/cdk-decouple/start <<'START'",
    '#!/bin/bash',
    `eval "exec $(jq -r '.command | @sh' /etc/cdk-decouple/worker.json)"`,
    'START',
    'chmod 755 /opt/cdk-decouple/start',
    "cat > /etc/systemd/system/worker.service <<'UNIT'",
    '[Unit]',
    'Wants=network-online.target',
    'After=network-online.target',
    'StartLimitIntervalSec=0',
    ...(mountPath === undefined ? [] : [`RequiresMountsFor=${mountPath}`]),
    '[Service]',
    'User=worker',
    'WorkingDirectory=/opt/cdk-decouple/program',
    'EnvironmentFile=/etc/cdk-decouple/worker.env',
    'ExecStart=/opt/cdk-decouple/start',
    'Restart=always',
    'RestartSec=5',
    `TimeoutStopSec=${stopSeconds}`,
    'KillMode=mixed',
    'NoNewPrivileges=yes',
    'PrivateTmp=yes',
    'ProtectSystem=full',
    'ProtectHome=yes',
    'StandardOutput=append:/var/log/cdk-decouple/worker.log',
    'StandardError=inherit',
    '[Install]',
    'WantedBy=multi-user.target',
    'UNIT',
    'systemctl daemon-reload',
    'systemctl enable --now worker',
  ];
}
