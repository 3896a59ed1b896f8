import type { CallContext, Handlers, OutputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import type { Consumer } from './consumer';
import type { KinesisApi } from './descriptions';
import { invalidArgument, invalidNextToken, resourceNotFound } from './errors';
import { namePattern, parseArn } from './names';
import type { KinesisState } from './state';
import type { Stream } from './stream';

type Description = NonNullable<OutputOf<KinesisApi, 'RegisterStreamConsumer'>['Consumer']>;

/** Consumers with throughput of their own. */
export function consumerOperations(state: KinesisState) {
  return {
    RegisterStreamConsumer(input, context) {
      acceptOnly('RegisterStreamConsumer', input, ['ConsumerName', 'StreamARN', 'Tags']);
      new Constraints('ValidationException')
        .length('consumerName', input.ConsumerName, 1, 128)
        .pattern('consumerName', input.ConsumerName, namePattern)
        .check();
      const stream = state.usableStream(context, input, 'RegisterStreamConsumer');
      const consumer = state.register(stream, input.ConsumerName, input.Tags ?? {}, 'CREATING');
      return { Consumer: { ...describeConsumer(consumer), ConsumerStatus: 'CREATING' } };
    },

    DeregisterStreamConsumer(input, context) {
      acceptOnly('DeregisterStreamConsumer', input, ['ConsumerARN', 'ConsumerName', 'StreamARN']);
      const { stream, consumer } = findConsumer(state, input, context, 'DeregisterStreamConsumer');
      state.deregister(stream, consumer);
      return {};
    },

    DescribeStreamConsumer(input, context) {
      acceptOnly('DescribeStreamConsumer', input, ['ConsumerARN', 'ConsumerName', 'StreamARN']);
      const { stream, consumer } = findConsumer(state, input, context, 'DescribeStreamConsumer');
      return { ConsumerDescription: { ...describeConsumer(consumer), StreamARN: stream.arn } };
    },

    ListStreamConsumers(input, context) {
      acceptOnly('ListStreamConsumers', input, [
        'MaxResults',
        'NextToken',
        'StreamARN',
        'StreamCreationTimestamp',
      ]);
      new Constraints('ValidationException')
        .range('maxResults', input.MaxResults, 1, 10_000)
        .check();
      const stream = state.stream(context, input, 'ListStreamConsumers');
      const made = input.StreamCreationTimestamp?.getTime() ?? stream.created;
      if (Math.floor(made / 1000) !== Math.floor(stream.created / 1000))
        throw resourceNotFound(`Stream ${input.StreamARN} was not created at that time.`);
      const page = pageOf(
        sortedBy(stream.consumers.values(), ({ name }) => name),
        ({ name }) => name,
        input.MaxResults ?? 100,
        input.NextToken,
        invalidNextToken,
      );
      return { Consumers: page.items.map(describeConsumer), NextToken: page.nextToken };
    },
  } satisfies Handlers<KinesisApi>;
}

interface ConsumerReference {
  readonly ConsumerARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

/** A consumer is named by its ARN, or by its stream's and its name. */
function findConsumer(
  state: KinesisState,
  reference: ConsumerReference,
  context: CallContext,
  action: string,
): { stream: Stream; consumer: Consumer } {
  const { ConsumerARN, ConsumerName, StreamARN } = reference;
  const byArn = ConsumerARN !== undefined;
  if (!byArn && (ConsumerName === undefined || StreamARN === undefined))
    throw invalidArgument(
      'Either ConsumerARN or both StreamARN and ConsumerName must be specified.',
    );
  const arn = ConsumerARN ?? StreamARN ?? '';
  if (!parseArn(arn)) throw invalidArgument(`Invalid ARN: ${arn}`);
  const stream = state.findByArn(arn);
  const consumer = byArn ? state.findConsumer(arn) : stream?.consumers.get(ConsumerName ?? '');
  context.authorize(
    `kinesis:${action}`,
    consumer?.arn ?? ConsumerARN ?? `${arn}/consumer/${ConsumerName}:*`,
  );
  if (!stream || !consumer)
    throw resourceNotFound(`Consumer ${ConsumerARN ?? ConsumerName} not found.`);
  return { stream, consumer };
}

function describeConsumer({ arn, name, status, created }: Consumer): Description {
  return {
    ConsumerARN: arn,
    ConsumerName: name,
    ConsumerStatus: status,
    ConsumerCreationTimestamp: new Date(created),
  };
}
