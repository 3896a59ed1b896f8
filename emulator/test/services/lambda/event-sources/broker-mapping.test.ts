import type { CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import { LambdaHarness } from '../harness';

const arnOf = (name: string, place = 'us-east-1:000000000000') =>
  `arn:aws:mq:${place}:broker:${name}:b-1234`;
const secret = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:login-AbCdEf';
const login = { Type: 'BASIC_AUTH', URI: secret } as const;

let aws: LambdaHarness;

/** Lambda beside a broker of each engine, neither of which serves. */
beforeEach(async () => {
  aws = LambdaHarness.manual({
    brokers: {
      describe: (arn) =>
        [arnOf('pair'), arnOf('rabbit')].includes(arn)
          ? { engine: arn === arnOf('pair') ? 'ACTIVEMQ' : 'RABBITMQ', publiclyAccessible: false }
          : undefined,
      endpoint: () => undefined,
      onChange: () => () => undefined,
    },
  });
  await aws.createFunction('consumer', 'exports.handler = async () => undefined;');
});
afterEach(() => aws.stop());

function create(changes: Partial<CreateEventSourceMappingCommandInput> = {}) {
  return aws.lambda.createEventSourceMapping({
    EventSourceArn: arnOf('pair'),
    FunctionName: 'consumer',
    Queues: ['orders'],
    SourceAccessConfigurations: [login],
    ...changes,
  });
}

test('has the defaults of Amazon MQ, and shows its queue and its secret', async () => {
  const { UUID, State } = await create();
  expect(State).toBe('Creating');
  const mapping = await aws.lambda.getEventSourceMapping({ UUID });
  expect(mapping).toMatchObject({
    BatchSize: 100,
    EventSourceArn: arnOf('pair'),
    LastProcessingResult: 'No records processed',
    Queues: ['orders'],
    SourceAccessConfigurations: [login],
    State: 'Enabled',
    StateTransitionReason: 'USER_INITIATED',
  });
  expect(mapping.MaximumBatchingWindowInSeconds).toBeUndefined();
});

test('takes a virtual host of RabbitMQ, and another secret later', async () => {
  const host = { Type: 'VIRTUAL_HOST', URI: '/shop' } as const;
  const { UUID } = await create({
    EventSourceArn: arnOf('rabbit'),
    SourceAccessConfigurations: [login, host],
  });
  const other = { ...login, URI: `${secret}2` };
  await aws.lambda.updateEventSourceMapping({
    UUID,
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 300,
    SourceAccessConfigurations: [host, other],
  });
  expect(await aws.lambda.getEventSourceMapping({ UUID })).toMatchObject({
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 300,
    SourceAccessConfigurations: [host, other],
  });
});

test('a function may have several queues of one broker, but none twice', async () => {
  const { UUID } = await create();
  await create({ Queues: ['returns'] });
  await expect(create()).rejects.toThrow(
    expect.objectContaining({
      name: 'ResourceConflictException',
      message: expect.stringContaining(`with UUID ${UUID}`),
    }),
  );
});

test.each<[string, Partial<CreateEventSourceMappingCommandInput>, string]>([
  ['no queue', { Queues: undefined }, "Value '[]' at 'queues'"],
  ['two queues', { Queues: ['a', 'b'] }, "Value '[a, b]' at 'queues'"],
  ['no secret', { SourceAccessConfigurations: [] }, 'must have a BASIC_AUTH'],
  ['a secret twice', { SourceAccessConfigurations: [login, login] }, 'BASIC_AUTH more than once'],
  [
    'a secret by its name',
    { SourceAccessConfigurations: [{ ...login, URI: 'login' }] },
    'not the ARN of a secret: login',
  ],
  [
    'a virtual host of ActiveMQ',
    { SourceAccessConfigurations: [login, { Type: 'VIRTUAL_HOST', URI: '/' }] },
    'Unsupported SourceAccessConfiguration type VIRTUAL_HOST',
  ],
  [
    'what only Kafka has',
    { SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: secret }] },
    'Unsupported SourceAccessConfiguration type SASL_SCRAM_512_AUTH',
  ],
  ['a batch of none', { BatchSize: 0 }, "Value '0' at 'batchSize'"],
  ['too large a batch', { BatchSize: 10_001 }, "Value '10001' at 'batchSize'"],
  [
    'too long a window',
    { MaximumBatchingWindowInSeconds: 301 },
    "Value '301' at 'maximumBatchingWindowInSeconds'",
  ],
  ['a starting position', { StartingPosition: 'LATEST' }, 'Unsupported StartingPosition parameter'],
  [
    'reports of single messages',
    { FunctionResponseTypes: ['ReportBatchItemFailures'] },
    'Unsupported FunctionResponseTypes parameter',
  ],
  ['a limit of concurrency', { ScalingConfig: { MaximumConcurrency: 2 } }, 'ScalingConfig'],
  [
    'a filter of something else than data',
    { FilterCriteria: { Filters: [{ Pattern: '{"priority":[4]}' }] } },
    'Invalid filter pattern definition.',
  ],
  ['an unknown broker', { EventSourceArn: arnOf('other') }, 'Broker not found'],
  [
    "another account's broker",
    { EventSourceArn: arnOf('pair', 'us-east-1:111111111111') },
    'another account',
  ],
  [
    'a broker in another region',
    { EventSourceArn: arnOf('pair', 'eu-west-1:000000000000') },
    'another region',
  ],
])('refuses %s', async (_, changes, message) => {
  await expect(create(changes)).rejects.toThrow(
    expect.objectContaining({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining(message),
    }),
  );
});

test('refuses a function that may run for longer than 14 minutes', async () => {
  await aws.lambda.updateFunctionConfiguration({ FunctionName: 'consumer', Timeout: 841 });
  await expect(create()).rejects.toThrow('14 minutes or less');
});

test('queues of SQS have no queue of a broker', async () => {
  await aws.sqs.createQueue({ QueueName: 'jobs' });
  await expect(
    create({
      EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      SourceAccessConfigurations: undefined,
    }),
  ).rejects.toThrow('Unsupported Queues parameter for given event source mapping type.');
});
