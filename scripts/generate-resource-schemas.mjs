/**
 * Extracts from the published CloudFormation resource schemas what the emulator validates templates
 * with, in a compact form that loads in a few milliseconds (the published database takes 330).
 *
 *   node scripts/generate-resource-schemas.mjs           writes the file
 *   node scripts/generate-resource-schemas.mjs --check   exits 1 if the file is out of date
 *
 * Types are written as short strings: s string, n number, i integer, b boolean, j JSON, t tag, `[x`
 * list of x, `{x` map of x, `#Name` a definition of the same resource, `(x|y)` either; a `!` at the
 * end marks a required property. `replaced` names the properties that only a new resource can take,
 * `mayReplace` those for which it depends.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const target = fileURLToPath(
  new URL(
    '../emulator/src/cloudformation/generated/resource-schemas.generated.json',
    import.meta.url,
  ),
);

/** Service namespace to the types that the emulator emulates or records; `*` takes them all. */
const wanted = {
  ApplicationAutoScaling: ['ScalableTarget', 'ScalingPolicy'],
  // CustomResource is left out: its properties are its handler's own.
  CloudFormation: ['Stack', 'WaitConditionHandle'],
  CloudWatch: ['Alarm', 'AnomalyDetector', 'CompositeAlarm', 'Dashboard'],
  EC2: [
    'DHCPOptions',
    'EIP',
    'EIPAssociation',
    'EgressOnlyInternetGateway',
    'FlowLog',
    'InternetGateway',
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
  ],
  ECR: ['Repository'],
  Events: ['EventBus', 'EventBusPolicy', 'Rule'],
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

function generate() {
  const require = createRequire(new URL('../emulator/package.json', import.meta.url));
  const database = require('@aws-cdk/aws-service-spec').loadAwsServiceSpecSync();
  const schemas = {};
  for (const [namespace, names] of Object.entries(wanted)) {
    for (const name of names) {
      const type = `AWS::${namespace}::${name}`;
      const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', type);
      if (!resource) throw new Error(`The published schemas have no ${type}`);
      schemas[type] = extract(database, resource);
    }
  }
  return `${JSON.stringify(schemas, null, 0).replaceAll('},"AWS::', '},\n"AWS::')}\n`;
}

function extract(database, resource) {
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
  const ref = resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? [];
  return {
    ref,
    ...(resource.arnTemplate ? { arn: resource.arnTemplate } : {}),
    attributes: Object.keys(resource.attributes).sort(),
    properties,
    ...(replaced.length > 0 ? { replaced } : {}),
    ...(mayReplace.length > 0 ? { mayReplace } : {}),
    ...(Object.keys(definitions).length > 0 ? { definitions } : {}),
  };
}

const generated = generate();
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== generated) {
    console.error(`${target} is out of date: run node scripts/generate-resource-schemas.mjs`);
    process.exit(1);
  }
} else {
  writeFileSync(target, generated);
}
