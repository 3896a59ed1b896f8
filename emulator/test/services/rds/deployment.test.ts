import { App, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Client } from 'pg';
import { deployCdk, destroyCdk } from '../../../src/cloudformation';
import { CloudFormation } from '../../../src/cloudformation/cloudformation';
import { PostgresEngine } from '../../../src/engines/postgres';
import { createRds } from '../../../src/services/rds';
import { createSecretsManager } from '../../../src/services/secrets-manager';
import { throwawayAuthority } from '../../engines/postgres/throwaway-authority';
import { networksOnly } from '../../support/ec2-service';
import { account, environment, region } from '../../support/service-harness';

const caller = { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` } as const;

test('CDK clusters and instances deploy, connect with their secrets, and leave nothing behind', async () => {
  const authority = await throwawayAuthority();
  const { env, clock } = environment();
  const secrets = createSecretsManager(env, {
    keys: { usableKeyArn: (keyId) => keyId },
    describeDatabase: (target) => rds.describeDatabase(target),
  });
  const rds = createRds(env, { postgres: new PostgresEngine(authority), secrets });
  const networks = networksOnly(env);
  const cloudFormation = new CloudFormation({
    clock,
    random: env.random,
    providers: [networks, rds, secrets].flatMap(({ resourceProviders }) => resourceProviders),
    // The version of CDK's bootstrap stack.
    resolveSsmParameter: async () => '30',
    resolveSecret: async (query) => secrets.resolveDynamicReference({ ...query, caller }),
  });
  const deployment = {
    clock,
    cloudFormation,
    account,
    region,
    origin: 'http://127.0.0.1:4566',
    publishAsset: async () => undefined,
  };

  const stack = new Stack(new App(), 'Databases');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const engine = DatabaseClusterEngine.auroraPostgres({
    version: AuroraPostgresEngineVersion.VER_17_4,
  });
  const vpcSubnets = { subnets: vpc.isolatedSubnets };
  const cluster = new DatabaseCluster(stack, 'Cluster', {
    engine,
    vpc,
    vpcSubnets,
    credentials: Credentials.fromGeneratedSecret('app'),
    defaultDatabaseName: 'orders',
    writer: ClusterInstance.serverlessV2('Writer'),
    readers: [ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })],
    serverlessV2MinCapacity: 0.5,
    serverlessV2MaxCapacity: 2,
    iamAuthentication: true,
    storageEncrypted: true,
    backup: { retention: Duration.days(7) },
    parameterGroup: new ParameterGroup(stack, 'Parameters', {
      engine,
      parameters: { max_connections: '20' },
    }),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const instance = new DatabaseInstance(stack, 'Instance', {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
    vpc,
    vpcSubnets,
    credentials: Credentials.fromPassword('app', SecretValue.unsafePlainText('password-1')),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  stack.exportValue(instance.dbInstanceEndpointPort, { name: 'port' });
  stack.exportValue(cluster.secret?.secretArn, { name: 'secret' });

  const before = clock.now();
  await deployCdk(stack, deployment);
  expect(clock.now()).toBe(before);

  const exported = (name: string) =>
    cloudFormation.exports(account, region).find((entry) => entry.name === name)?.value ?? '';
  const connect = async (settings: object) => {
    const client = new Client({ ssl: { ca: authority.certificate }, ...settings });
    await client.connect();
    const { rows } = await client.query('SHOW max_connections');
    await client.end();
    return rows;
  };
  const { username, dbname, ...secret } = JSON.parse(
    secrets.resolveDynamicReference({ secretId: exported('secret'), account, region, caller }),
  );
  expect(await connect({ ...secret, user: username, database: dbname })).toEqual([
    { max_connections: '20' },
  ]);
  expect(
    await connect({
      host: '127.0.0.1',
      port: Number(exported('port')),
      user: 'app',
      password: 'password-1',
      database: 'postgres',
    }),
  ).toEqual([{ max_connections: '112' }]);

  await destroyCdk(stack, deployment);
  expect([...rds.leaks(), ...secrets.leaks()]).toEqual([]);
  await rds.stop();
});
