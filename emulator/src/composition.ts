import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { brokerEngines } from './broker-engines';
import type { ClientConfiguration } from './client';
import type { RemoteActors } from './clock/call-gate';
import { type CloudFormationService, createCloudFormation } from './cloudformation';
import type { PublishAsset } from './cloudformation/cdk-assets';
import { CustomResourceCallbacks } from './cloudformation/custom-resource-callbacks';
import { NativeCustomResources } from './cloudformation/native/native-custom-resources';
import { failureDestinations } from './composition/failure-destinations';
import { fileSystemNetwork } from './composition/file-system-network';
import { instanceEvents } from './composition/instance-events';
import { instanceFleet } from './composition/instance-fleet';
import { instanceMounts } from './composition/instance-mounts';
import { scalingAlarms, scalingOf } from './composition/scaling-alarms';
import { addServiceRoutes, customResourcePath } from './composition/service-routes';
import { targetGroups, targetHosts } from './composition/target-groups';
import { PostgresEngine } from './engines/postgres';
import type { CertificateAuthority } from './gateway/certificate-authority';
import type { Gateway } from './gateway/gateway';
import { keyStore } from './gateway/key-store';
import type { Caller } from './iam/caller';
import { userIdOf } from './iam/user-id';
import type { MetricStore } from './metrics/metric-store';
import type { EmulatorOptions } from './options';
import { type AutoScalingService, createAutoScaling } from './services/autoscaling';
import { type CloudWatchService, createCloudWatch } from './services/cloudwatch';
import { createDynamoDb, type DynamoDbService } from './services/dynamodb';
import { createEc2, type Ec2Service } from './services/ec2';
import { createEfs, type EfsService } from './services/efs';
import { createElb, type ElbService } from './services/elb';
import { createEventBridge, type EventBridgeService } from './services/eventbridge';
import { createFirehose, FirehoseEndpoints, type FirehoseService } from './services/firehose';
import { createGlue } from './services/glue';
import { createIam, type IamService } from './services/iam';
import { createKinesis, type KinesisService } from './services/kinesis';
import { createKms } from './services/kms';
import { createLambda, type LambdaService } from './services/lambda';
import { createLogs } from './services/logs';
import { createMq, type MqService } from './services/mq';
import { createRds, type RdsService } from './services/rds';
import { createS3 } from './services/s3';
import { createSecretsManager } from './services/secrets-manager';
import type { Service, ServiceEnvironment } from './services/service';
import { createSns, type SnsService } from './services/sns';
import { createSqs, type SqsService } from './services/sqs';
import { createSsm, publicImages } from './services/ssm';
import { createSts } from './services/sts';
import { StorageDirectory } from './storage-directory';

/** What the services need besides their environment. */
export interface CompositionOptions
  extends Pick<
    EmulatorOptions,
    | 'allowRecorded'
    | 'brokers'
    | 'databases'
    | 'firehoseEndpoints'
    | 'functionTime'
    | 'printAllowed'
    | 'printFunctionLogs'
    | 'storageDirectory'
  > {
  /** Where the services' environment has its metrics go. */
  readonly metrics: MetricStore;
  readonly remoteActors: RemoteActors;
  readonly certificateAuthority: CertificateAuthority;
  /** The configuration of a client of the SDK that calls with an access key in a region. */
  readonly clientConfiguration: (accessKeyId: string, region: string) => ClientConfiguration;
}

/** Every service, joined to those that it needs. */
export interface Composition {
  readonly services: readonly Service[];
  readonly iam: IamService;
  readonly autoScaling: AutoScalingService;
  readonly sqs: SqsService;
  readonly sns: SnsService;
  readonly lambda: LambdaService;
  readonly dynamoDb: DynamoDbService;
  readonly kinesis: KinesisService;
  readonly mq: MqService;
  readonly rds: RdsService;
  readonly ec2: Ec2Service;
  readonly efs: EfsService;
  readonly firehoseEndpoints: FirehoseEndpoints;
  readonly elb: ElbService;
  readonly cloudFormation: CloudFormationService;
  readonly publishAsset: PublishAsset;
  /** Leaves in an account and region what `cdk bootstrap` would. */
  readonly bootstrap: (account: string, region: string) => void;
  /** Has the gateway answer the control routes that are about services. */
  readonly addRoutes: (gateway: Gateway) => void;
}

/**
 * Makes every service and hands each what it needs of others: the only file that knows them all.
 */
export function composeServices(env: ServiceEnvironment, options: CompositionOptions): Composition {
  const { certificateAuthority, remoteActors } = options;
  const iam = createIam(env);
  const kms = createKms(env);
  const ssm = createSsm(env, kms);
  const ec2: Ec2Service = createEc2(env, {
    imagesOf: publicImages,
    instanceProfile(account, nameOrArn) {
      const profile = iam.instanceProfile(account, nameOrArn);
      return profile && { arn: profile.arn, id: profile.id, roleArn: profile.role?.arn };
    },
    machines: {
      program(bucket, key, caller) {
        const resource = `arn:aws:s3:::${bucket}/${key}`;
        env.authorize({ caller, action: 's3:GetObject', resource });
        return s3.assetDirectory(bucket, key);
      },
      visibilityTimeout(url) {
        const queue = sqs
          .queues()
          .find(({ address: { account, name } }) => url.endsWith(`/${account}/${name}`));
        return queue && queue.attributes.visibilityTimeout / 1000;
      },
      caFile: () => certificateAuthority.caFile(),
      mount: instanceMounts(() => efs.clients),
      logs: { write: (...what) => logs.write(...what) },
    },
  });
  const sqs = createSqs(env, kms);
  const s3 = createS3(env, {
    keys: kms,
    roleIds: (roleArn) => iam.role(roleArn)?.id,
    destinations: {
      queues: {
        exists: (queueArn) => sqs.queueSender.exists(queueArn),
        send: (queueArn, body, caller) =>
          sqs.queueSender.send(queueArn, { MessageBody: body }, caller),
      },
      topics: {
        exists: (topicArn) => sns.topic(topicArn) !== undefined,
        publish: (topicArn, subject, text, caller) =>
          sns.publish(topicArn, { subject, text }, caller),
      },
      functions: {
        checkInvocable: (functionArn, caller) => lambda.checkInvocable(functionArn, caller),
        invoke: (functionArn, payload, caller) =>
          lambda.invokeAsynchronously(functionArn, payload, caller),
      },
      eventBridge: { publish: (event) => eventBridge.publish(event) },
    },
  });
  let routes: Gateway | undefined;
  const sns: SnsService = createSns(env, {
    queues: {
      send: (queueArn, message, caller) => sqs.queueSender.send(queueArn, message, caller),
    },
    functions: {
      invoke: (functionArn, payload, caller) =>
        lambda.invokeAsynchronously(functionArn, payload, caller),
    },
    deliveryStreams: {
      put: (deliveryStreamArn, data, caller) => firehose.put(deliveryStreamArn, data, caller),
    },
    keys: kms,
    signingCertificate: () => certificateAuthority.signing('sns.amazonaws.com'),
    serveCertificate: async (certificate) => {
      const digest = createHash('md5').update(certificate).digest('hex');
      const path = `SimpleNotificationService-${digest}.pem`;
      const contentType = 'application/x-pem-file';
      routes?.addControlRoute('GET', path, () => ({ body: certificate, contentType }));
      const endpoint = await env.endpoint();
      return `${endpoint.replace(/^http:/, 'https:')}/_emulator/${path}`;
    },
    certificateAuthority: async () => readFile(await certificateAuthority.caFile(), 'utf8'),
  });
  const eventBridge: EventBridgeService = createEventBridge(env, {
    queues: {
      send: (queueArn, message, caller) => sqs.queueSender.send(queueArn, message, caller),
    },
    topics: { publish: (topicArn, text, caller) => sns.publish(topicArn, { text }, caller) },
    functions: {
      invoke: (functionArn, payload, caller) =>
        lambda.invokeAsynchronously(functionArn, payload, caller),
    },
  });
  ec2.onInstanceChange(instanceEvents(eventBridge, env.clock));
  const dynamoDb = createDynamoDb(env, kms);
  const kinesis = createKinesis(env, kms);
  const glue = createGlue(env);
  const logs = createLogs(env, kms);
  const secrets = createSecretsManager(env, {
    keys: kms,
    describeDatabase: (target) => rds.describeDatabase(target),
  });
  const rds: RdsService = createRds(env, {
    postgres: new PostgresEngine({
      issueCertificate: (hosts) => certificateAuthority.issue(hosts),
      mode: options.databases,
    }),
    secrets,
  });
  const efs: EfsService = createEfs(env, {
    keys: kms,
    network: fileSystemNetwork(ec2),
    storage: new StorageDirectory(options.storageDirectory, 'file-systems'),
  });
  const lambda: LambdaService = createLambda(env, {
    queues: sqs.queueSource,
    streams: kinesis.streamSource,
    brokers: {
      describe: (brokerArn) => mq.source.describe(brokerArn),
      endpoint: (brokerArn) => mq.source.endpoint(brokerArn),
      onChange: (brokerArn, listener) => mq.source.onChange(brokerArn, listener),
    },
    secrets: { text: (secretArn, caller) => secrets.secretText(secretArn, caller) },
    failureDestinations: failureDestinations({ s3, sns, sqs }),
    code: { assetDirectory: (bucket, key) => s3.assetDirectory(bucket, key) },
    fileSystems: {
      ...efs.clients,
      subnet: (account, region, id) => ec2.subnet(account, region, id),
    },
    logs,
    remoteActors,
    caFile: () => certificateAuthority.caFile(),
    printLogs: options.printFunctionLogs,
    functionTime: options.functionTime,
  });
  const firehoseEndpoints = new FirehoseEndpoints(options.firehoseEndpoints);
  const firehose: FirehoseService = createFirehose(env, {
    buckets: { put: (object, caller) => s3.putAs(object, caller) },
    functions: {
      invoke: (functionArn, payload, caller) => lambda.invoke(functionArn, payload, caller),
    },
    logs,
    streams: kinesis.streamSource,
    tables: glue.tables,
    secrets: { text: (secretArn, caller) => secrets.secretText(secretArn, caller) },
    endpoints: firehoseEndpoints,
    certificateAuthority: async () => readFile(await certificateAuthority.caFile(), 'utf8'),
    keys: kms,
  });
  const mq: MqService = createMq(env, {
    ...brokerEngines({
      activeMq: {
        failover: options.brokers?.failover,
        home: options.brokers?.activeMqHome,
        issueKeyStore: async (hosts, password) =>
          keyStore(await certificateAuthority.issue(hosts), password),
        scratchDirectory: () => env.scratchDirectory(),
      },
      rabbitMq: {
        authorityFile: () => certificateAuthority.caFile(),
        home: options.brokers?.rabbitMqHome,
        issueCertificate: (hosts) => certificateAuthority.issue(hosts),
        scratchDirectory: () => env.scratchDirectory(),
      },
      storageDirectory: options.storageDirectory,
    }),
    logs,
  });
  const elb = createElb(env, {
    hosts: targetHosts(ec2),
    certificate: (hosts) => certificateAuthority.issue(hosts),
  });
  const customResources = new CustomResourceCallbacks({
    clock: env.clock,
    random: env.random,
    invokeFunction: async (functionArn, event, { caller }) => {
      const { functionError, payload } = await lambda.invoke(
        functionArn,
        JSON.stringify(event),
        caller,
      );
      if (functionError !== undefined) throw new Error(payload);
    },
    responseUrl: async (token) =>
      `${await env.endpoint()}/_emulator/${customResourcePath}?token=${token}`,
  });
  const nativeCustomResources = new NativeCustomResources({
    clock: env.clock,
    random: env.random,
    withS3: async ({ name, region, role }, use) => {
      const { S3 } = s3.loadClient();
      const { accessKeyId } = env.identities.openSession(role, name);
      try {
        return await use(new S3(options.clientConfiguration(accessKeyId, region)));
      } finally {
        env.identities.closeSession(accessKeyId);
      }
    },
  });
  const cloudWatch: CloudWatchService = createCloudWatch(env, {
    metrics: options.metrics,
    topics: {
      publish: (topicArn, { Message: text, Subject: subject }, caller) =>
        sns.publish(topicArn, { subject, text }, caller),
    },
    functions: {
      invoke: (functionArn, payload, caller) =>
        lambda.invokeAsynchronously(functionArn, payload, caller),
    },
    scaling: scalingOf(() => autoScaling),
  });
  const autoScaling: AutoScalingService = createAutoScaling(env, {
    fleet: instanceFleet(ec2),
    targetGroups: targetGroups(elb),
    alarms: scalingAlarms(cloudWatch),
    audience: {
      publish: (topicArn, subject, text, caller) =>
        sns.publish(topicArn, { subject, text }, caller),
      send: (queueArn, body, caller) =>
        sqs.queueSender.send(queueArn, { MessageBody: body }, caller),
      event: (event) => eventBridge.publish(event),
    },
  });
  const services: Service[] = [
    autoScaling,
    createSts(env, iam),
    iam,
    kms,
    ec2,
    efs,
    elb,
    ssm,
    s3,
    secrets,
    sqs,
    sns,
    eventBridge,
    logs,
    rds,
    dynamoDb,
    kinesis,
    firehose,
    glue,
    mq,
    lambda,
    cloudWatch,
  ];
  const cloudFormation = createCloudFormation(env, {
    providers: services.flatMap((service) => service.resourceProviders),
    resolveSsmParameter: async ({ name, version, account, region }) =>
      ssm.resolveParameter(version === undefined ? name : `${name}:${version}`, account, region),
    resolveSecret: async (query) =>
      secrets.resolveDynamicReference({ ...query, caller: env.identities.resolve(query.account) }),
    fetchTemplate: async ({ url }) => Buffer.from(s3.readTemplateUrl(url)).toString('utf8'),
    invokeCustomResource: async (event, target) => {
      const recorded = lambda.recordedFunction(target.serviceToken);
      return recorded
        ? nativeCustomResources.invoke(event, recorded)
        : customResources.invoke(event, target);
    },
    nativeCustomResources,
    // As who the stack's deployment is, or as the role that the template names.
    authorizeStackOutput: ({ caller, roleArn, stackId }) => {
      const reader = roleArn === undefined ? caller : assumeRole(env, caller, roleArn);
      env.authorize({ caller: reader, action: 'cloudformation:DescribeStacks', resource: stackId });
    },
    topics: {
      check: (topicArn, caller) => sns.checkPublish(topicArn, caller),
      publish: (topicArn, message, caller) => sns.publish(topicArn, message, caller),
    },
    principalId: (caller) => userIdOf(caller, (roleArn) => iam.role(roleArn)?.id),
    allowRecorded: options.allowRecorded,
    onAllowedOnly: options.printAllowed ? printAllowed : undefined,
  });
  return {
    services: [...services, cloudFormation],
    iam,
    autoScaling,
    sqs,
    sns,
    lambda,
    dynamoDb,
    kinesis,
    mq,
    firehoseEndpoints,
    rds,
    ec2,
    efs,
    elb,
    cloudFormation,
    publishAsset: async (asset) => s3.putAsset(asset),
    bootstrap: (account, region) => ssm.seedBootstrap(account, region),
    addRoutes: (gateway) => {
      routes = gateway;
      addServiceRoutes(gateway, { customResources, elb, firehoseEndpoints, sns });
    },
  };
}

function assumeRole(env: ServiceEnvironment, caller: Caller, roleArn: string): Caller {
  env.authorize({ caller, action: 'sts:AssumeRole', resource: roleArn });
  const session = env.identities.openSession(roleArn, 'AWSCloudFormation');
  env.identities.closeSession(session.accessKeyId);
  return session.caller;
}

function printAllowed(stackName: string, counts: ReadonlyMap<string, number>): void {
  const lines = [...counts].map(([type, count]) => `  ${type} ${count}\n`);
  process.stdout.write(
    `Stack ${stackName}: recorded only because of --allow-recorded, kept and doing nothing:\n${lines.join('')}`,
  );
}
