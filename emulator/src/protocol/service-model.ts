import type { MemberPath } from './required';
import type { Shape } from './shape';

/** The wire protocols of AWS, by their names in Smithy; `awsCbor1_1`, of which the SDKs for Java alone know, has none there. */
export type ProtocolName =
  | 'awsCbor1_1'
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'awsQuery'
  | 'ec2Query'
  | 'restJson1'
  | 'restXml'
  | 'rpcv2Cbor';

/** What the schemas of an SDK client do not say about a service's protocols. */
export interface ServiceModel {
  /** Name in credential scopes. */
  readonly signingName: string;
  /** Every protocol that it answers, its own first. */
  readonly protocols: readonly ProtocolName[];
  /** What precedes the operation in `X-Amz-Target`, and the service's name in paths of the CBOR protocol. */
  readonly target: string;
  readonly version: string;
  readonly xmlNamespace: string;
  /** Whether JSON and CBOR errors carry the query protocol's code in `x-amzn-query-error`. */
  readonly queryCompatible?: boolean;
  /** Whether requests may come compressed. */
  readonly compressed?: boolean;
  /** Whether answers carry `x-amz-crc32`. */
  readonly checksum?: boolean;
  readonly missing: MissingMembers;
}

/** How a service words that required members are missing. */
export type MissingMembers = (
  paths: readonly MemberPath[],
  input: Shape,
) => { readonly code: string; readonly message: string; readonly queryCode?: string };

/** As the validation of most services has it: every missing member in one message. */
const constraint =
  (code: string): MissingMembers =>
  (paths) => {
    const failures = paths.map(
      (path) =>
        `Value null at '${javaPath(path)}' failed to satisfy constraint: Member must not be null`,
    );
    const count = `${failures.length} validation error${failures.length === 1 ? '' : 's'} detected`;
    return { code, message: `${count}: ${failures.join('; ')}` };
  };

const parameter: MissingMembers = ([path = []]) => ({
  code: 'MissingParameter',
  message: `The request must contain the parameter ${path.join('.')}.`,
});

/**
 * SQS names a member inside a batch by its place in the query protocol, such as
 * `SendMessageBatchRequestEntry.1.Id`, also in JSON.
 */
const queueParameter: MissingMembers = ([path = []], input) => {
  const wireName = input.members.get(String(path[0]))?.traits.xmlName;
  const { message } = parameter(
    [path.length > 1 ? [wireName ?? '', ...path.slice(1)] : path],
    input,
  );
  return { code: 'MissingRequiredParameterException', queryCode: 'MissingParameter', message };
};

const topicParameter: MissingMembers = ([path = []]) => ({
  code: 'InvalidParameter',
  message: `Invalid parameter: ${path.join('.')} Reason: no value for required parameter`,
});

const metricParameter: MissingMembers = ([path = []]) => ({
  code: 'MissingParameter',
  message: `The parameter ${path.join('.')} is required.`,
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: what a document lacks makes it malformed. */
const objectParameter: MissingMembers = ([path = []], input) => {
  if (path.length > 1)
    return {
      code: 'MalformedXML',
      message:
        'The XML you provided was not well-formed or did not validate against our published schema',
    };
  return input.members.get(String(path[0]))?.traits.httpPayload
    ? { code: 'MissingRequestBodyError', message: 'Request Body is empty' }
    : { code: 'InvalidRequest', message: `Missing required parameter: ${path.join('.')}` };
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: parameters by their names in XML. */
const networkParameter: MissingMembers = ([path = []]) => ({
  code: 'MissingParameter',
  message: `The request must contain the parameter ${path
    .map((step) => (typeof step === 'number' ? step : step.charAt(0).toLowerCase() + step.slice(1)))
    .join('.')}`,
});

/** EFS says what is wrong with a request in one way. */
const fileSystemParameter: MissingMembers = ([path = []]) => ({
  code: 'BadRequest',
  message: `Missing required parameter: ${path.join('.')}`,
});

/** Amazon MQ names members as they are in its JSON. */
const brokerParameter: MissingMembers = ([path = []]) => ({
  code: 'BadRequestException',
  message: `Specify the required parameter [${path
    .map((step) => (typeof step === 'number' ? step : step.charAt(0).toLowerCase() + step.slice(1)))
    .join('.')}].`,
});

const json = (signingName: string, target: string, version: string): ServiceModel => ({
  signingName,
  protocols: ['awsJson1_1'],
  target,
  version,
  xmlNamespace: '',
  missing: constraint('ValidationException'),
});

const query = (
  signingName: string,
  target: string,
  version: string,
  xmlNamespace: string,
  missing: MissingMembers,
): ServiceModel => ({
  signingName,
  protocols: ['awsQuery'],
  target,
  version,
  xmlNamespace,
  missing,
});

const models: readonly ServiceModel[] = [
  {
    signingName: 'sqs',
    protocols: ['awsJson1_0', 'awsQuery'],
    target: 'AmazonSQS',
    version: '2012-11-05',
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    queryCompatible: true,
    missing: queueParameter,
  },
  {
    signingName: 'monitoring',
    protocols: ['awsJson1_0', 'rpcv2Cbor', 'awsQuery'],
    target: 'GraniteServiceVersion20100801',
    version: '2010-08-01',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    compressed: true,
    queryCompatible: true,
    missing: metricParameter,
  },
  {
    signingName: 'dynamodb',
    protocols: ['awsJson1_0'],
    target: 'DynamoDB_20120810',
    version: '2012-08-10',
    xmlNamespace: '',
    checksum: true,
    missing: constraint('ValidationException'),
  },
  json('events', 'AWSEvents', '2015-10-07'),
  json('firehose', 'Firehose_20150804', '2015-08-04'),
  json('glue', 'AWSGlue', '2017-03-31'),
  {
    ...json('kinesis', 'Kinesis_20131202', '2013-12-02'),
    protocols: ['awsJson1_1', 'awsCbor1_1'],
  },
  json('kms', 'TrentService', '2014-11-01'),
  json('logs', 'Logs_20140328', '2014-03-28'),
  json('secretsmanager', 'secretsmanager', '2017-10-17'),
  json('ssm', 'AmazonSSM', '2014-11-06'),
  query(
    'autoscaling',
    'AutoScaling_2011_01_01',
    '2011-01-01',
    'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    constraint('ValidationError'),
  ),
  query(
    'cloudformation',
    'CloudFormation',
    '2010-05-15',
    'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    constraint('ValidationError'),
  ),
  query(
    'elasticloadbalancing',
    'ElasticLoadBalancing_v10',
    '2015-12-01',
    'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    constraint('ValidationError'),
  ),
  query(
    'iam',
    'AWSIdentityManagementV20100508',
    '2010-05-08',
    'https://iam.amazonaws.com/doc/2010-05-08/',
    constraint('ValidationError'),
  ),
  query('rds', 'AmazonRDSv19', '2014-10-31', 'http://rds.amazonaws.com/doc/2014-10-31/', parameter),
  query(
    'sns',
    'AmazonSimpleNotificationService',
    '2010-03-31',
    'http://sns.amazonaws.com/doc/2010-03-31/',
    topicParameter,
  ),
  query(
    'sts',
    'AWSSecurityTokenServiceV20110615',
    '2011-06-15',
    'https://sts.amazonaws.com/doc/2011-06-15/',
    constraint('ValidationError'),
  ),
  {
    signingName: 'ec2',
    protocols: ['ec2Query'],
    target: 'AmazonEC2',
    version: '2016-11-15',
    xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15',
    missing: networkParameter,
  },
  {
    signingName: 'elasticfilesystem',
    protocols: ['restJson1'],
    target: 'MagnolioAPIService_v20150201',
    version: '2015-02-01',
    xmlNamespace: '',
    missing: fileSystemParameter,
  },
  {
    signingName: 'lambda',
    protocols: ['restJson1'],
    target: 'AWSGirApiService',
    version: '2015-03-31',
    xmlNamespace: '',
    missing: constraint('ValidationException'),
  },
  {
    signingName: 'mq',
    protocols: ['restJson1'],
    target: 'mq',
    version: '2017-11-27',
    xmlNamespace: '',
    missing: brokerParameter,
  },
  {
    signingName: 's3',
    protocols: ['restXml'],
    target: 'AmazonS3',
    version: '2006-03-01',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    missing: objectParameter,
  },
];

const bySigningName = new Map(models.map((model) => [model.signingName, model]));

/** @throws Error if nothing is known of a service of that name. */
export function serviceModel(signingName: string): ServiceModel {
  const model = bySigningName.get(signingName);
  if (!model) throw new Error(`The protocols of the service ${signingName} are not known`);
  return model;
}

/** Every service whose protocols are known. */
export function serviceModels(): readonly ServiceModel[] {
  return models;
}

/** `['Entries', 1, 'Id']` as the services' Java validation writes it: `entries.1.member.id`. */
function javaPath(path: MemberPath): string {
  return path
    .map((step) =>
      typeof step === 'number' ? `${step}.member` : step.charAt(0).toLowerCase() + step.slice(1),
    )
    .join('.');
}

/** Stands in for the service of a request that belongs to none we know, so that it can be refused. */
export const unknownService: ServiceModel = {
  signingName: '',
  protocols: [],
  target: '',
  version: '',
  xmlNamespace: '',
  missing: parameter,
};
