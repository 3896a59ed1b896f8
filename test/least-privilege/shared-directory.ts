import { Lambda } from '@aws-sdk/client-lambda';
import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { IConnectable, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type AccessPoint, FileSystem } from 'aws-cdk-lib/aws-efs';
import {
  AnyPrincipal,
  Effect,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  type Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { MountedFileSystem } from 'cdk-decouple';
import type { Deployment, Emulator } from 'cdk-decouple-emulator';

/**
 * A directory for instances to share, and functions in their place: on the manual clock no instance boots, and a function mounts a
 * file system on the rights of its role just as an instance does.
 */
export class SharedDirectory implements MountedFileSystem {
  readonly accessPoint: AccessPoint;
  readonly mountPath = '/mnt/shared';
  private readonly fileSystem: FileSystem;

  constructor(
    private readonly stack: Stack,
    private readonly vpc: Vpc,
  ) {
    this.fileSystem = new FileSystem(stack, 'Files', {
      vpc,
      // Without any policy a file system is open to whoever reaches it.
      fileSystemPolicy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            actions: ['elasticfilesystem:Client*'],
            conditions: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'false' } },
          }),
        ],
      }),
    });
    this.accessPoint = this.fileSystem.addAccessPoint('Shared', {
      path: '/shared',
      createAcl: { ownerUid: '1001', ownerGid: '1001', permissions: '750' },
      posixUser: { uid: '1001', gid: '1001' },
    });
  }

  /** Adds a function that writes a file as the role of instances. */
  writeAs(id: string, { connections, role }: IConnectable & { readonly role: Role }): void {
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        actions: ['sts:AssumeRole'],
        principals: [new ServicePrincipal('lambda.amazonaws.com')],
      }),
    );
    role.addManagedPolicy(
      ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole'),
    );
    const writer = new CfnFunction(this.stack, `${id}Writer`, {
      code: {
        zipFile: `exports.handler = async () => require('node:fs').writeFileSync('${this.mountPath}/a', 'a');`,
      },
      fileSystemConfigs: [{ arn: this.accessPoint.accessPointArn, localMountPath: this.mountPath }],
      handler: 'index.handler',
      role: role.roleArn,
      runtime: 'nodejs22.x',
      vpcConfig: {
        securityGroupIds: connections.securityGroups.map((one) => one.securityGroupId),
        subnetIds: this.vpc.privateSubnets.map(({ subnetId }) => subnetId),
      },
    });
    writer.node.addDependency(role, this.fileSystem.mountTargetsAvailable);
    new CfnOutput(this.stack, `${id}WriterName`, { value: writer.ref });
  }
}

/** Whether the function of {@link SharedDirectory.writeAs} can mount the directory, and write to it. */
export async function writesFiles(
  aws: Emulator,
  deployment: Deployment,
  id: string,
): Promise<boolean> {
  const { FunctionError } = await aws
    .client(Lambda)
    .invoke({ FunctionName: deployment.output(`${id}WriterName`) });
  return FunctionError === undefined;
}
