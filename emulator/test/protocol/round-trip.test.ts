import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { InProcessTransport } from '../../src/gateway/in-process';
import { Catalog } from '../../src/protocol/catalog';
import { serviceModel } from '../../src/protocol/service-model';
import type { Operation } from '../../src/protocol/shape';
import { clientSettings, dispatcherOf, fakeService } from '../support/fake-service';
import { holdsEventStream, sampleOf } from '../support/sample-values';

interface SdkClient {
  send(command: unknown): Promise<Record<string, unknown>>;
  destroy(): void;
}

type SdkClass<T> = new (input: object) => T;

/** Module, name of the client's class, signing name, and protocol. */
const clients: [string, string, string, string][] = [
  ['client-cloudformation', 'CloudFormationClient', 'cloudformation', 'its own protocol'],
  ['client-cloudwatch', 'CloudWatchClient', 'monitoring', 'its own protocol'],
  ['client-cloudwatch', 'CloudWatchClient', 'monitoring', 'awsQuery'],
  ['client-cloudwatch', 'CloudWatchClient', 'monitoring', 'rpcv2Cbor'],
  ['client-cloudwatch-logs', 'CloudWatchLogsClient', 'logs', 'its own protocol'],
  ['client-efs', 'EFSClient', 'elasticfilesystem', 'its own protocol'],
  ['client-glue', 'GlueClient', 'glue', 'its own protocol'],
  ['client-iam', 'IAMClient', 'iam', 'its own protocol'],
  ['client-firehose', 'FirehoseClient', 'firehose', 'its own protocol'],
  ['client-kinesis', 'KinesisClient', 'kinesis', 'its own protocol'],
  ['client-kms', 'KMSClient', 'kms', 'its own protocol'],
  ['client-lambda', 'LambdaClient', 'lambda', 'its own protocol'],
  ['client-mq', 'MqClient', 'mq', 'its own protocol'],
  ['client-rds', 'RDSClient', 'rds', 'its own protocol'],
  ['client-s3', 'S3Client', 's3', 'its own protocol'],
  ['client-secrets-manager', 'SecretsManagerClient', 'secretsmanager', 'its own protocol'],
  ['client-sqs', 'SQSClient', 'sqs', 'its own protocol'],
  ['client-sqs', 'SQSClient', 'sqs', 'awsQuery'],
  ['client-ssm', 'SSMClient', 'ssm', 'its own protocol'],
  ['client-sts', 'STSClient', 'sts', 'its own protocol'],
];

/** Operations whose requests tell less than their inputs. */
const exceptions: Readonly<Record<string, string>> = {
  's3.ListDirectoryBuckets': 'is sent to another service, s3express',
  's3.WriteGetObjectResponse': 'is sent to a host named by its input',
  'sqs.ReceiveMessage': 'has two members of one name in the query protocol',
};

describe.each(clients)('%s (%s, %s) in %s', (moduleName, className, signingName, protocol) => {
  const client: object = require(`@aws-sdk/${moduleName}`);
  const catalog = new Catalog(client);
  const operations = [...catalog.operations.values()].filter(
    ({ name, input, output }) =>
      exceptions[`${signingName}.${name}`] === undefined &&
      !holdsEventStream(input) &&
      !holdsEventStream(output),
  );

  test('every operation carries every member there and back', async () => {
    const received = new Map<string, unknown>();
    const handlers = Object.fromEntries(
      operations.map((operation) => [
        operation.name,
        (input: object) => {
          received.set(operation.name, input);
          return sampleOf(operation.output);
        },
      ]),
    );
    const { dispatcher } = dispatcherOf([fakeService<object>(signingName, client, handlers)]);
    const sdk = new (Reflect.get(client, className) as SdkClass<SdkClient>)({
      ...clientSettings,
      ...protocolOptions(signingName, protocol),
      requestHandler: new InProcessTransport(dispatcher),
      forcePathStyle: true,
      ...(signingName === 'sqs' ? { md5: false } : {}),
      useQueueUrlAsEndpoint: false,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    const failures: string[] = [];
    for (const operation of operations) {
      const failure = await difference(sdk, client, operation, received);
      if (failure) failures.push(failure);
    }
    expect(failures).toEqual([]);
  });
});

async function difference(
  sdk: SdkClient,
  client: object,
  operation: Operation,
  received: Map<string, unknown>,
): Promise<string | undefined> {
  const { name } = operation;
  const input: object = Object(sampleOf(operation.input));
  try {
    const Command = Reflect.get(client, `${name}Command`) as SdkClass<unknown>;
    const { $metadata, ...output } = await sdk.send(new Command(Object(sampleOf(operation.input))));
    expect(received.get(name)).toEqual(input);
    const body: unknown = [...operation.output.members.values()].find(
      ({ shape }) => shape.streaming,
    );
    if (!body) expect(output).toEqual(sampleOf(operation.output));
    return undefined;
  } catch (error) {
    return `${name}: ${String(Object(error).message)}`;
  }
}

function protocolOptions(signingName: string, protocol: string): object {
  if (protocol === 'its own protocol') return {};
  const { xmlNamespace, version, target } = serviceModel(signingName);
  const namespaces: Record<string, string> = { monitoring: 'cloudwatch' };
  return {
    protocol: protocol === 'awsQuery' ? AwsQueryProtocol : SmithyRpcV2CborProtocol,
    protocolSettings: {
      defaultNamespace: `com.amazonaws.${namespaces[signingName] ?? signingName}`,
      xmlNamespace,
      version,
      serviceTarget: target,
    },
  };
}
