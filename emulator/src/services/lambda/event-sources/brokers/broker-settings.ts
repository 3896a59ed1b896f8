import type { BrokerSource } from '../../broker-source';
import { invalid } from '../../errors';
import { parseFunctionName } from '../../function-arn';
import { constraint } from '../../function-settings';
import { FilterCriteria } from '../filter-criteria';

/** What only mappings of brokers are set to. */
export interface BrokerSettings {
  readonly queues: readonly string[];
  readonly access: readonly SourceAccess[];
}

/** What Lambda finds a queue, and gets in, with. */
export interface SourceAccess {
  readonly type: string;
  /** ARN of a secret, or the name of a virtual host. */
  readonly uri: string;
}

/** Seconds that Lambda collects messages for unless a mapping says otherwise. */
export const defaultBrokerWindow = 0.5;

/** Minutes: one less than elsewhere, so that Lambda can still tell the broker. */
const longestFunction = 14;

/** The secret of a mapping that is in order. */
export function secretOf({ access }: BrokerSettings): string {
  return access.find(({ type }) => type === 'BASIC_AUTH')?.uri ?? '';
}

/** The virtual host of a mapping: RabbitMQ's own default unless it has one. */
export function virtualHostOf({ access }: BrokerSettings): string {
  return access.find(({ type }) => type === 'VIRTUAL_HOST')?.uri ?? '/';
}

/**
 * Checks a mapping's settings for a broker as Lambda does.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-mq-params.html
 *
 * @param functionTimeout - seconds
 * @throws ServiceError InvalidParameterValueException
 */
export function checkBrokerSettings(
  settings: {
    readonly batchSize: number;
    readonly batchingWindow: number;
    readonly broker: BrokerSettings;
    readonly filters: readonly string[];
    readonly functionArn: string;
    readonly maximumConcurrency: number | undefined;
    readonly reportsItemFailures: boolean;
    readonly sourceArn: string;
  },
  brokers: BrokerSource,
  functionTimeout: number,
): void {
  const { batchSize, batchingWindow, broker, sourceArn } = settings;
  const [, , , , account] = sourceArn.split(':');
  if (account !== parseFunctionName(settings.functionArn).account)
    throw invalid(`The broker ${sourceArn} is in another account than the function.`);
  const described = brokers.describe(sourceArn);
  if (!described) throw invalid(`Broker not found: ${sourceArn}`);
  checkQueues(broker.queues);
  checkAccess(broker.access, described.engine);
  if (batchSize < 1 || batchSize > 10_000)
    throw constraint(batchSize, 'batchSize', 'Member must be between 1 and 10000');
  if (batchingWindow < 0 || batchingWindow > 300)
    throw constraint(
      batchingWindow,
      'maximumBatchingWindowInSeconds',
      'Member must be between 0 and 300',
    );
  if (settings.maximumConcurrency !== undefined)
    throw invalid('ScalingConfig is not supported for Amazon MQ event sources.');
  if (settings.reportsItemFailures)
    throw invalid(
      'Unsupported FunctionResponseTypes parameter for given event source mapping type.',
    );
  if (functionTimeout > longestFunction * 60)
    throw invalid(
      `The timeout of a function with an Amazon MQ event source must be ${longestFunction} minutes or less.`,
    );
  new FilterCriteria(settings.filters, 'data');
}

function checkQueues(queues: readonly string[]): void {
  const [queue] = queues;
  const shown = `[${queues.join(', ')}]`;
  if (queue === undefined)
    throw constraint(shown, 'queues', 'Member must have length greater than or equal to 1');
  if (queues.length > 1)
    throw constraint(shown, 'queues', 'Member must have length less than or equal to 1');
  if (queue.length < 1 || queue.length > 1000)
    throw constraint(
      shown,
      'queues',
      'Member must satisfy constraint: [Member must have length between 1 and 1000]',
    );
}

function checkAccess(access: readonly SourceAccess[], engine: 'ACTIVEMQ' | 'RABBITMQ'): void {
  const allowed = engine === 'RABBITMQ' ? ['BASIC_AUTH', 'VIRTUAL_HOST'] : ['BASIC_AUTH'];
  const wrong = access.find(({ type }) => !allowed.includes(type));
  if (wrong)
    throw invalid(
      `Unsupported SourceAccessConfiguration type ${wrong.type} for given event source mapping type.`,
    );
  for (const type of allowed)
    if (access.filter((one) => one.type === type).length > 1)
      throw invalid(`SourceAccessConfigurations has ${type} more than once.`);
  const secret = access.find(({ type }) => type === 'BASIC_AUTH');
  if (!secret)
    throw invalid('SourceAccessConfigurations must have a BASIC_AUTH for Amazon MQ event sources.');
  if (!/^arn:aws[a-z-]*:secretsmanager:[^:]+:\d{12}:secret:./.test(secret.uri))
    throw invalid(`The URI of BASIC_AUTH is not the ARN of a secret: ${secret.uri}`);
}
