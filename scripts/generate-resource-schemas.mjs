/**
 * Extracts from the published CloudFormation resource schemas what the emulator validates templates
 * with, in a compact form that loads in a few milliseconds (the published database takes 330).
 *
 *   node scripts/generate-resource-schemas.mjs           writes the files
 *   node scripts/generate-resource-schemas.mjs --check   exits 1 if a file is out of date
 *
 * There are two: the types that the emulator emulates or records, to be read in a diff and loaded with every
 * deployment, and all types that are published, compressed, for those that `allowRecorded` lets in.
 *
 * Types are written as short strings: s string, n number, i integer, b boolean, j JSON, t tag, `[x`
 * list of x, `{x` map of x, `#Name` a definition of the same resource, `(x|y)` either; a `!` at the
 * end marks a required property. `replaced` names the properties that only a new resource can take,
 * `mayReplace` those for which it depends.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';

const generatedFile = (name) =>
  fileURLToPath(
    new URL(`../emulator/src/cloudformation/generated/${name}.generated.json`, import.meta.url),
  );
const target = generatedFile('resource-schemas');
const publishedTarget = generatedFile('published-schemas');

/** Service namespace to the types that the emulator emulates or records; `*` takes them all. */
const wanted = {
  AmazonMQ: ['Broker', 'Configuration', 'ConfigurationAssociation'],
  ApplicationAutoScaling: ['ScalableTarget', 'ScalingPolicy'],
  AutoScaling: ['AutoScalingGroup', 'LifecycleHook', 'ScalingPolicy', 'ScheduledAction'],
  // CustomResource is left out: its properties are its handler's own.
  CloudFormation: ['Stack', 'WaitConditionHandle'],
  CloudTrail: ['Trail'],
  CloudWatch: ['Alarm', 'AnomalyDetector', 'CompositeAlarm', 'Dashboard'],
  DynamoDB: ['GlobalTable', 'Table'],
  EC2: [
    'DHCPOptions',
    'EIP',
    'EIPAssociation',
    'EgressOnlyInternetGateway',
    'FlowLog',
    'Instance',
    'InternetGateway',
    'LaunchTemplate',
    'NatGateway',
    'NetworkAcl',
    'NetworkAclEntry',
    'PrefixList',
    'Route',
    'RouteTable',
    'SecurityGroup',
    'SecurityGroupEgress',
    'SecurityGroupIngress',
    'Subnet',
    'SubnetCidrBlock',
    'SubnetNetworkAclAssociation',
    'SubnetRouteTableAssociation',
    'VPC',
    'VPCCidrBlock',
    'VPCDHCPOptionsAssociation',
    'VPCEndpoint',
    'VPCGatewayAttachment',
    'VPCPeeringConnection',
    'VPNGateway',
    'VPNGatewayRoutePropagation',
  ],
  ECR: ['Repository'],
  EFS: ['AccessPoint', 'FileSystem', 'MountTarget'],
  ElasticLoadBalancingV2: ['Listener', 'ListenerRule', 'LoadBalancer', 'TargetGroup'],
  Events: ['EventBus', 'EventBusPolicy', 'Rule'],
  Glue: ['Database', 'Table'],
  IAM: [
    'AccessKey',
    'Group',
    'GroupPolicy',
    'InstanceProfile',
    'ManagedPolicy',
    'Policy',
    'Role',
    'RolePolicy',
    'ServiceLinkedRole',
    'User',
    'UserPolicy',
    'UserToGroupAddition',
  ],
  Kinesis: ['ResourcePolicy', 'Stream', 'StreamConsumer'],
  KinesisAnalyticsV2: ['Application', 'ApplicationCloudWatchLoggingOption'],
  KinesisFirehose: ['DeliveryStream'],
  KinesisVideo: ['Stream'],
  KMS: ['Alias', 'Key'],
  Lambda: [
    'Alias',
    'EventInvokeConfig',
    'EventSourceMapping',
    'Function',
    'LayerVersion',
    'LayerVersionPermission',
    'Permission',
    'Url',
    'Version',
  ],
  Logs: [
    'LogGroup',
    'LogStream',
    'MetricFilter',
    'QueryDefinition',
    'ResourcePolicy',
    'SubscriptionFilter',
  ],
  OpenSearchServerless: ['AccessPolicy'],
  RDS: [
    'DBCluster',
    'DBClusterParameterGroup',
    'DBInstance',
    'DBParameterGroup',
    'DBProxy',
    'DBProxyEndpoint',
    'DBProxyTargetGroup',
    'DBSubnetGroup',
    'EventSubscription',
    'GlobalCluster',
    'OptionGroup',
  ],
  S3: ['Bucket', 'BucketPolicy'],
  SNS: ['Subscription', 'Topic', 'TopicInlinePolicy', 'TopicPolicy'],
  SQS: ['Queue', 'QueueInlinePolicy', 'QueuePolicy'],
  SSM: ['Parameter'],
  SecretsManager: ['ResourcePolicy', 'RotationSchedule', 'Secret', 'SecretTargetAttachment'],
};

const codes = {
  string: 's',
  number: 'n',
  integer: 'i',
  boolean: 'b',
  json: 'j',
  tag: 't',
  'date-time': 's',
};

const require = createRequire(new URL('../emulator/package.json', import.meta.url));
const database = require('@aws-cdk/aws-service-spec').loadAwsServiceSpecSync();

function generate() {
  const schemas = {};
  for (const [namespace, names] of Object.entries(wanted)) {
    for (const name of names) {
      const type = `AWS::${namespace}::${name}`;
      const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', type);
      if (!resource) throw new Error(`The published schemas have no ${type}`);
      schemas[type] = extract(resource);
    }
  }
  return `${JSON.stringify(schemas, null, 0).replaceAll('},"AWS::', '},\n"AWS::')}\n`;
}

/** Every published type but CustomResource, whose properties are its handler's own. */
function generatePublished() {
  const resources = database
    .all('resource')
    .filter(({ cloudFormationType: type }) => type !== 'AWS::CloudFormation::CustomResource')
    .sort((a, b) => (a.cloudFormationType < b.cloudFormationType ? -1 : 1));
  return JSON.stringify(
    Object.fromEntries(resources.map((one) => [one.cloudFormationType, extract(one)])),
  );
}

function extract(resource) {
  const definitions = {};
  const encode = (type) => {
    if (type.type === 'array') return `[${encode(type.element)}`;
    if (type.type === 'map') return `{${encode(type.element)}`;
    if (type.type === 'union') return `(${type.types.map(encode).join('|')})`;
    if (type.type === 'ref') {
      const definition = database.get('typeDefinition', type.reference.$ref);
      if (!(definition.name in definitions)) {
        definitions[definition.name] = {};
        definitions[definition.name] = encodeProperties(definition.properties);
      }
      return `#${definition.name}`;
    }
    const code = codes[type.type];
    if (!code) throw new Error(`${resource.cloudFormationType}: unknown type ${type.type}`);
    return code;
  };
  const encodeProperties = (properties) =>
    Object.fromEntries(
      Object.entries(properties)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, property]) => {
          // aws-cdk-lib writes what an earlier version of the schema asked for, and CloudFormation takes it.
          const earlier = (property.previousTypes ?? []).map(encode).filter((type) => type !== 'j');
          const types = [...new Set([encode(property.type), ...earlier])];
          const text = types.length === 1 ? types[0] : `(${types.join('|')})`;
          return [name, property.required ? `${text}!` : text];
        }),
    );
  const properties = encodeProperties(resource.properties);
  const replacement = (verdict) =>
    Object.keys(resource.properties)
      .filter((name) => resource.properties[name].causesReplacement === verdict)
      .sort();
  const replaced = replacement('yes');
  const mayReplace = replacement('maybe');
  // Attributes are strings where nothing else is said.
  const attributeTypes = Object.fromEntries(
    Object.entries(resource.attributes)
      .map(([name, attribute]) => [name, encodeAttribute(attribute.type)])
      .filter(([, type]) => type !== 's')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const ref = resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? [];
  return {
    ref,
    ...(resource.arnTemplate ? { arn: resource.arnTemplate } : {}),
    attributes: Object.keys(resource.attributes).sort(),
    ...(Object.keys(attributeTypes).length > 0 ? { attributeTypes } : {}),
    properties,
    ...(replaced.length > 0 ? { replaced } : {}),
    ...(mayReplace.length > 0 ? { mayReplace } : {}),
    ...(Object.keys(definitions).length > 0 ? { definitions } : {}),
  };
}

/** Objects count as JSON: `Fn::GetAtt` of one is of no use in a template. */
function encodeAttribute(type) {
  if (type.type === 'array') return `[${encodeAttribute(type.element)}`;
  return codes[type.type] ?? 'j';
}

const generated = generate();
const published = generatePublished();
if (process.argv.includes('--check')) {
  // Compressed bytes differ between versions of Node.js: what is in them is compared.
  const { brotli } = JSON.parse(readFileSync(publishedTarget, 'utf8'));
  const current =
    readFileSync(target, 'utf8') === generated &&
    brotliDecompressSync(Buffer.from(brotli, 'base64')).toString('utf8') === published;
  if (!current) {
    console.error(
      'Resource schemas are out of date: run node scripts/generate-resource-schemas.mjs',
    );
    process.exit(1);
  }
} else {
  writeFileSync(target, generated);
  const brotli = brotliCompressSync(published).toString('base64');
  writeFileSync(publishedTarget, `${JSON.stringify({ brotli })}\n`);
}
