/** One action that a statement of a template allows. */
export interface Right {
  /** Logical id of the policy, role or key. */
  readonly policy: string;
  /** Such as `sqs:SendMessage`. */
  readonly action: string;
  /** Where the action stands in the template: a right may be granted twice. */
  readonly paths: readonly Path[];
}

type Path = readonly (string | number)[];

type Json = Readonly<Record<string, unknown>>;

/** Rights that no message passes through: they are granted for logs, for network interfaces and for tracing. */
const exempt = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
];

/** Where the types that hold policies have them. */
const documents: Readonly<Record<string, string>> = {
  'AWS::IAM::ManagedPolicy': 'PolicyDocument',
  'AWS::IAM::Policy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
};

/** What roles and services are allowed by a template, action by action, exempt ones left out. */
export function rightsIn(template: Json): Right[] {
  const found = Object.entries(object(template.Resources)).flatMap(([policy, resource]) => {
    const { Properties, Type } = object(resource);
    const member = documents[String(Type)];
    if (member === undefined) return [];
    const { Statement } = object(object(Properties)[member]);
    return list(Statement).flatMap((statement, index) => {
      const { Action, Effect, Principal, Resource } = object(statement);
      if (Effect !== 'Allow' || isDelegated(Principal)) return [];
      const path = ['Resources', policy, 'Properties', member, 'Statement', index, 'Action'];
      return list(Action).map((action, position) => ({
        key: JSON.stringify([policy, action, Resource]),
        policy,
        action: String(action),
        path: Array.isArray(Action) ? [...path, position] : path,
      }));
    });
  });
  const rights = new Map<string, Right>();
  for (const { action, key, path, policy } of found) {
    if (exempt.includes(action)) continue;
    const paths = [...(rights.get(key)?.paths ?? []), path];
    rights.set(key, { policy, action, paths });
  }
  return [...rights.values()];
}

/** The template with an action in place of the right that allows nothing that exists. */
export function without(template: Json, { paths }: Right): Json {
  const copy: Json = JSON.parse(JSON.stringify(template));
  for (const path of paths) {
    const last = path[path.length - 1] ?? '';
    let holder: unknown = copy;
    for (const step of path.slice(0, -1)) holder = Object(holder)[step];
    Object(holder)[last] = 'none:Nothing';
  }
  return copy;
}

/** What is allowed to the account is for its own policies to allow; else a service or a role of the template is named. */
function isDelegated(principal: unknown): boolean {
  const { AWS, Service } = object(principal);
  return principal !== undefined && Service === undefined && !('Fn::GetAtt' in object(AWS));
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
