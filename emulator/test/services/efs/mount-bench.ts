import { EC2 } from '@aws-sdk/client-ec2';
import { EFS } from '@aws-sdk/client-efs';
import { IAM } from '@aws-sdk/client-iam';
import { type CreateFunctionCommandInput, InvokeCommand, Lambda } from '@aws-sdk/client-lambda';
import { Duration } from 'aws-cdk-lib';
import { zipSync } from 'fflate';
import { Emulator, type ManualClock } from '../../../src';

/** The role of the function. */
export const role = 'arn:aws:iam::000000000000:role/worker';

/** A policy document. */
export function policy(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** The code of a handler that has `fs` and `promises` of `node:fs`. */
export const handler = (body: string) => `
  const fs = require('node:fs');
  const { promises } = fs;
  exports.handler = async () => { ${body} };`;

/** An emulator with a file system, an access point of it, and what a function `worker` takes that mounts it at /mnt/orders. */
export class MountBench {
  readonly efs: EFS;
  readonly lambda: Lambda;

  private constructor(
    readonly aws: Emulator<ManualClock>,
    readonly fileSystem: { readonly id: string; readonly arn: string },
    /** In the order of their zones. */
    private readonly subnets: readonly string[],
    private readonly securityGroup: string,
    /** ARN of the one that functions mount. */
    public accessPoint: string,
  ) {
    this.efs = aws.client(EFS);
    this.lambda = aws.client(Lambda);
  }

  static async start(): Promise<MountBench> {
    const aws = await Emulator.start({ clock: 'manual' });
    const ec2 = aws.client(EC2);
    const { Subnets = [] } = await ec2.describeSubnets({});
    const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
    const subnets = zones.map(
      (zone) => Subnets.find((one) => one.AvailabilityZone === zone)?.SubnetId ?? '',
    );
    const { SecurityGroups: [group] = [] } = await ec2.describeSecurityGroups({});
    await aws.client(IAM).createRole({
      RoleName: 'worker',
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS: '000000000000', Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    });
    const { FileSystemArn: arn = '', FileSystemId: id = '' } = await aws
      .client(EFS)
      .createFileSystem({ CreationToken: 'orders' });
    await aws.clock.advance(Duration.seconds(5));
    const bench = new MountBench(aws, { arn, id }, subnets, group?.GroupId ?? '', '');
    const CreationInfo = { OwnerUid: 1001, OwnerGid: 1001, Permissions: '750' };
    bench.accessPoint = await bench.accessPointOf({ Path: '/orders', CreationInfo });
    return bench;
  }

  /** ARN of an access point that is available. */
  async accessPointOf(RootDirectory: object): Promise<string> {
    const { AccessPointArn = '' } = await this.efs.createAccessPoint({
      ClientToken: JSON.stringify(RootDirectory).slice(0, 64),
      FileSystemId: this.fileSystem.id,
      RootDirectory,
    });
    await this.aws.clock.advance(Duration.seconds(5));
    return AccessPointArn;
  }

  /** Id of a mount target in the first zone, which is yet to become available. */
  async mountTarget(): Promise<string> {
    const { MountTargetId = '' } = await this.efs.createMountTarget({
      FileSystemId: this.fileSystem.id,
      SubnetId: this.subnets[0],
    });
    return MountTargetId;
  }

  /** Has a mount target be available in the first zone. @returns its id */
  async reachable(): Promise<string> {
    const id = await this.mountTarget();
    await this.aws.clock.advance(Duration.seconds(90));
    return id;
  }

  vpc(...zones: number[]) {
    return {
      SubnetIds: zones.map((zone) => this.subnets[zone] ?? ''),
      SecurityGroupIds: [this.securityGroup],
    };
  }

  configs(LocalMountPath = '/mnt/orders', Arn = this.accessPoint) {
    return [{ Arn, LocalMountPath }];
  }

  /** What a function is created with, unless something else is said. */
  creation(more: Partial<CreateFunctionCommandInput> = {}): CreateFunctionCommandInput {
    return {
      FunctionName: 'worker',
      Role: role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: code('exports.handler = () => null'),
      FileSystemConfigs: this.configs(),
      VpcConfig: this.vpc(0),
      ...more,
    };
  }

  /** Creates a function of that code and runs it. */
  async run(body: string, file?: string): Promise<unknown> {
    await this.lambda.createFunction(this.creation({ Code: code(body, file) }));
    return this.invoke();
  }

  /** Runs the function. @throws Error with what it throws */
  async invoke(): Promise<unknown> {
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName: 'worker' }),
    );
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
    if (FunctionError) throw new Error(JSON.stringify(answer));
    return answer;
  }
}

/** Code of one file. */
export function code(body: string, file = 'index.js') {
  return { ZipFile: zipSync({ [file]: Buffer.from(body) }) };
}
