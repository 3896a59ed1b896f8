import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { InvokeCommand, Lambda } from '@aws-sdk/client-lambda';
import { STS } from '@aws-sdk/client-sts';
import { Duration } from 'aws-cdk-lib';
import { code, handler, MountBench, policy, role } from './mount-bench';

let bench: MountBench;
beforeEach(async () => {
  bench = await MountBench.start();
});
afterEach(() => bench.aws.stop());

describe('the file system of a function', () => {
  test('is described with it, can be changed, and be taken away', async () => {
    await bench.reachable();
    const made = await bench.lambda.createFunction(bench.creation());
    expect(made.FileSystemConfigs).toEqual(bench.configs());
    const other = bench.configs('/mnt/others');
    const FunctionName = 'worker';
    await bench.lambda.updateFunctionConfiguration({ FunctionName, FileSystemConfigs: other });
    await bench.lambda.updateFunctionConfiguration({ FunctionName, Timeout: 10 });
    expect(
      (await bench.lambda.getFunctionConfiguration({ FunctionName })).FileSystemConfigs,
    ).toEqual(other);
    const withoutVpc = { FunctionName, VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } };
    await expect(bench.lambda.updateFunctionConfiguration(withoutVpc)).rejects.toMatchObject({
      message: `Function VPC configuration cannot be removed with access point ${bench.accessPoint} referenced.`,
      name: 'InvalidParameterValueException',
    });
    await bench.lambda.updateFunctionConfiguration({ ...withoutVpc, FileSystemConfigs: [] });
    expect(
      (await bench.lambda.getFunctionConfiguration({ FunctionName })).FileSystemConfigs,
    ).toBeUndefined();
  });

  test('takes a VPC', async () => {
    await bench.reachable();
    await expect(
      bench.lambda.createFunction(bench.creation({ VpcConfig: undefined })),
    ).rejects.toMatchObject({
      message: `Function must be configured to execute in a VPC to reference access point ${bench.accessPoint}.`,
      name: 'InvalidParameterValueException',
    });
  });

  test('takes a mount target that is available in each zone of the function', async () => {
    await bench.mountTarget();
    await expect(bench.lambda.createFunction(bench.creation())).rejects.toThrow(
      `EFS file system ${bench.fileSystem.arn} referenced by access point ${bench.accessPoint} has mount targets created in all availability zones the function will execute in, but not all are in the available life cycle state yet. Please wait for them to become available and try the request again.`,
    );
    await bench.aws.clock.advance(Duration.seconds(90));
    await expect(
      bench.lambda.createFunction(bench.creation({ VpcConfig: bench.vpc(0, 1) })),
    ).rejects.toThrow('does not have mount targets created in all availability zones');
    await bench.lambda.createFunction(bench.creation());
  });

  test('is looked at on the rights of whoever makes the function', async () => {
    await bench.reachable();
    await bench.aws.client(IAM).putRolePolicy({
      RoleName: 'worker',
      PolicyName: 'functions',
      PolicyDocument: policy({ Effect: 'Allow', Action: ['lambda:*', 'iam:*'], Resource: '*' }),
    });
    const { Credentials: keys } = await bench.aws
      .client(STS)
      .assumeRole({ RoleArn: role, RoleSessionName: 'deployer' });
    const own = new Lambda({
      endpoint: await bench.aws.endpoint(),
      region: 'us-east-1',
      credentials: {
        accessKeyId: keys?.AccessKeyId ?? '',
        secretAccessKey: keys?.SecretAccessKey ?? '',
        sessionToken: keys?.SessionToken,
      },
    });
    await expect(own.createFunction(bench.creation())).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('elasticfilesystem:DescribeMountTargets'),
    });
    own.destroy();
  });

  test.each([
    ['/mnt', /localMountPath.*regular expression pattern: \/mnt\/\[a-zA-Z0-9-_\.\]\+/],
    ['/mnt/a/b', /localMountPath/],
    ['/data', /localMountPath/],
  ])('is not mounted at %s', async (path, message) => {
    await bench.reachable();
    await expect(
      bench.lambda.createFunction(bench.creation({ FileSystemConfigs: bench.configs(path) })),
    ).rejects.toThrow(message);
  });

  test('is one, by an access point that is there', async () => {
    await bench.reachable();
    const create = (FileSystemConfigs: { Arn: string; LocalMountPath: string }[]) =>
      bench.lambda.createFunction(bench.creation({ FileSystemConfigs }));
    await expect(create([...bench.configs(), ...bench.configs('/mnt/b')])).rejects.toThrow(
      'length less than or equal to 1',
    );
    await expect(create(bench.configs('/mnt/a', bench.fileSystem.arn))).rejects.toThrow(
      /'fileSystemConfigs.*arn'/,
    );
    const gone = bench.accessPoint.replace(/[0-9a-f]{17}$/, '0'.repeat(17));
    await expect(create(bench.configs('/mnt/a', gone))).rejects.toThrow(`${gone} does not exist`);
  });
});

describe('a mount', () => {
  test('fails for a function that finds no mount target any more', async () => {
    const MountTargetId = await bench.reachable();
    await bench.lambda.createFunction(bench.creation());
    await bench.efs.deleteMountTarget({ MountTargetId });
    await expect(bench.invoke()).rejects.toMatchObject({
      $metadata: { httpStatusCode: 408 },
      message: `The function couldn't connect to the Amazon EFS file system with access point ${bench.accessPoint}. Check your network configuration and try again.`,
      name: 'EFSMountConnectivityException',
    });
  });

  test('fails where there is no directory, and works once there is one', async () => {
    await bench.reachable();
    bench.accessPoint = await bench.accessPointOf({ Path: '/later' });
    await bench.lambda.createFunction(bench.creation());
    await expect(bench.invoke()).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
      message: `The function could not mount the EFS file system with access point ${bench.accessPoint}.`,
      name: 'EFSMountFailureException',
    });
    const root = await bench.aws.efs.directory(bench.fileSystem.id);
    // Nor where a link leads out of the file system.
    await symlink('/', join(root, 'later'));
    await expect(bench.invoke()).rejects.toMatchObject({ name: 'EFSMountFailureException' });
    await rm(join(root, 'later'));
    await mkdir(join(root, 'later'));
    expect(await bench.invoke()).toBeNull();
  });

  test('is what the file system’s policy and the role’s let it be', async () => {
    await bench.reachable();
    await bench.lambda.createFunction(
      bench.creation({
        Code: code(handler(`await promises.writeFile('/mnt/orders/a', 'b')`)),
      }),
    );
    const putPolicy = (Action: string[], Condition?: object) =>
      bench.efs.putFileSystemPolicy({
        FileSystemId: bench.fileSystem.id,
        Policy: policy({ Effect: 'Allow', Principal: { AWS: role }, Action, Condition }),
      });
    await putPolicy(['elasticfilesystem:DescribeFileSystems']);
    await expect(bench.invoke()).rejects.toMatchObject({ name: 'EFSMountFailureException' });
    await putPolicy(['elasticfilesystem:ClientMount'], {
      StringEquals: { 'elasticfilesystem:AccessPointArn': bench.accessPoint },
      Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true', 'aws:SecureTransport': 'true' },
    });
    await expect(bench.invoke()).rejects.toThrow(
      "EROFS: read-only file system, open '/mnt/orders/a'",
    );
    await bench.aws.client(IAM).putRolePolicy({
      RoleName: 'worker',
      PolicyName: 'files',
      PolicyDocument: policy({
        Effect: 'Allow',
        Action: 'elasticfilesystem:ClientWrite',
        Resource: bench.fileSystem.arn,
      }),
    });
    // Rights are looked at when it is mounted: an environment that is warm keeps what it has.
    await expect(bench.invoke()).rejects.toThrow('EROFS');
    await bench.aws.faults.killFunction('arn:aws:lambda:us-east-1:000000000000:function:worker');
    await bench.invoke();
    expect(
      await readFile(join(await bench.aws.efs.directory(bench.accessPoint), 'a'), 'utf8'),
    ).toBe('b');
  });

  test('that fails is an error of an asynchronous invocation, which is tried again', async () => {
    await bench.reachable();
    bench.accessPoint = await bench.accessPointOf({ Path: '/later' });
    await bench.lambda.createFunction(
      bench.creation({ Code: code(handler(`fs.writeFileSync('/mnt/orders/a', 'b')`)) }),
    );
    await bench.lambda.send(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event' }));
    await bench.aws.clock.settle();
    const directory = join(await bench.aws.efs.directory(bench.fileSystem.id), 'later');
    await mkdir(directory);
    await bench.aws.clock.advance(Duration.minutes(1));
    expect(await readFile(join(directory, 'a'), 'utf8')).toBe('b');
  });
});
