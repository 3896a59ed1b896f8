import { serviceModels } from '../../src/protocol/service-model';

interface SdkClient {
  readonly config: {
    readonly protocol: { getShapeId(): string };
    readonly protocolSettings: { version: string; serviceTarget: string; xmlNamespace?: string };
  };
}

const shapeIds: Readonly<Record<string, string>> = {
  awsJson1_0: 'aws.protocols#awsJson1_0',
  awsJson1_1: 'aws.protocols#awsJson1_1',
  awsQuery: 'aws.protocols#awsQuery',
  ec2Query: 'aws.protocols#ec2Query',
  restJson1: 'aws.protocols#restJson1',
  restXml: 'aws.protocols#restXml',
};

const packages: Readonly<Record<string, string>> = {
  autoscaling: 'auto-scaling',
  elasticfilesystem: 'efs',
  elasticloadbalancing: 'elastic-load-balancing-v2',
  events: 'eventbridge',
  monitoring: 'cloudwatch',
  logs: 'cloudwatch-logs',
  secretsmanager: 'secrets-manager',
};

test.each(serviceModels().map((model) => [model.signingName, model] as const))(
  'what is known of %s agrees with its SDK client',
  (signingName, model) => {
    const client: object = require(`@aws-sdk/client-${packages[signingName] ?? signingName}`);
    const name = Object.keys(client).find((key) => /^[A-Z].*Client$/.test(key)) ?? '';
    const Client = Reflect.get(client, name) as new (settings: object) => SdkClient;
    const { protocol, protocolSettings } = new Client({ region: 'us-east-1' }).config;
    expect(protocol.getShapeId()).toBe(shapeIds[model.protocols[0] ?? '']);
    expect(protocolSettings).toMatchObject({
      version: model.version,
      serviceTarget: model.target,
    });
    if (model.protocols.some((spoken) => /query|xml/i.test(spoken)) && signingName !== 'sqs')
      expect(protocolSettings.xmlNamespace).toBe(model.xmlNamespace);
  },
);
