import type { CallContext, Handlers, InputOf, OutputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { Consumer } from './consumer';
import type { KinesisApi } from './descriptions';
import { resourceInUse, resourceNotFound } from './errors';
import { parseArn } from './names';
import { childrenAtEnd, describeRecord, readShard } from './reading';
import { findShard } from './record-operations';
import type { Shard } from './shard';
import { positionTypes, resolvePosition } from './starting-position';
import type { KinesisState } from './state';
import type { Stream } from './stream';

/** Milliseconds that a subscription lasts, unless its consumer or the shard ends before. */
const lifetime = 5 * 60_000;
/** Milliseconds in which a subscription cannot be taken over. */
const protectedFor = 5000;
/** Milliseconds after which an event is sent although nothing has come. */
const heartbeat = 5000;
/** A consumer's throughput of each shard: one event of at most 2 MiB in a second that was full. */
const eventBytes = 2 * 1024 * 1024;
const eventRecords = 10_000;
const second = 1000;

type Events = NonNullable<OutputOf<KinesisApi, 'SubscribeToShard'>['EventStream']>;
type Event = Events extends AsyncIterable<infer E> ? E : never;
type Input = InputOf<KinesisApi, 'SubscribeToShard'>;

/** Enhanced fan-out: a shard's records, pushed to a consumer. */
export function subscriptionOperations(state: KinesisState) {
  return {
    SubscribeToShard(input, context) {
      acceptOnly('SubscribeToShard', input, ['ConsumerARN', 'ShardId', 'StartingPosition']);
      const { Type } = input.StartingPosition;
      new Constraints('ValidationException')
        .oneOf('startingPosition.type', Type, positionTypes)
        .check();
      context.authorize('kinesis:SubscribeToShard', input.ConsumerARN);
      const { stream, consumer } = findActive(state, input);
      state.useKey(stream, 'Decrypt', { caller: context.caller, call: context });
      const { now } = state;
      const shard = findShard(stream, input.ShardId, now);
      const position = resolvePosition(
        stream,
        shard,
        {
          type: Type,
          sequenceNumber: input.StartingPosition.SequenceNumber,
          timestamp: input.StartingPosition.Timestamp,
        },
        'SubscribeToShard',
        now,
      );
      const { metrics } = stream;
      const earlier = consumer.subscriptions.get(shard.index);
      const tooSoon = earlier !== undefined && now - earlier.since < protectedFor;
      metrics.add('SubscribeToShard.RateExceeded', now, tooSoon ? 1 : 0);
      metrics.add('SubscribeToShard.Success', now, tooSoon ? 0 : 1);
      if (tooSoon)
        throw resourceInUse(
          `Another active subscription exists for this consumer: ${stream.address.account}:${stream.address.name}:${shard.id}:${consumer.name}`,
        );
      earlier?.end();
      return { EventStream: events(state, stream, shard, consumer, position, context) };
    },
  } satisfies Handlers<KinesisApi>;
}

/** The stream and the consumer that a subscription is for. */
function findActive(state: KinesisState, { ConsumerARN }: Input) {
  const stream = parseArn(ConsumerARN)?.consumerArn && state.findByArn(ConsumerARN);
  const consumer = state.findConsumer(ConsumerARN);
  if (!stream || !consumer) throw resourceNotFound(`Consumer ${ConsumerARN} not found.`);
  if (consumer.status !== 'ACTIVE' || !stream.usable)
    throw resourceInUse(`Consumer ${ConsumerARN} not ACTIVE, instead in state ${consumer.status}`);
  return { stream, consumer };
}

/** Pushes what is there, then waits: for a record, the shard's end, the next heartbeat, or the subscription's end. */
function events(
  state: KinesisState,
  stream: Stream,
  shard: Shard,
  consumer: Consumer,
  start: number,
  context: CallContext,
): AsyncGenerator<Event> {
  const { clock } = state.environment;
  const since = clock.now();
  let over = false;
  let wake: () => void = () => undefined;
  const subscription = {
    since,
    end: () => {
      over = true;
      wake();
    },
  };
  consumer.subscriptions.set(shard.index, subscription);
  const stopListening = stream.onChange((changed) => {
    if (changed === shard) wake();
  });
  context.signal.addEventListener('abort', subscription.end, { once: true });

  const wait = (milliseconds: number, forRecords: boolean): Promise<void> =>
    context.park((resume) => {
      const timer = clock.after(milliseconds, `subscription to ${shard.id} of ${stream.arn}`, () =>
        end(),
      );
      const end = () => {
        timer.cancel();
        wake = () => undefined;
        resume(undefined);
      };
      wake = () => {
        if (over || forRecords) end();
      };
    });

  async function* push(): AsyncGenerator<Event> {
    let position = start;
    let first = true;
    try {
      while (!over && clock.now() < since + lifetime) {
        const now = clock.now();
        const reading = readShard(stream, shard, position, eventRecords, eventBytes, now);
        position = reading.next;
        const { metrics } = stream;
        metrics.add('SubscribeToShardEvent.Success', now);
        metrics.add('SubscribeToShardEvent.Bytes', now, reading.bytes);
        metrics.add('SubscribeToShardEvent.Records', now, reading.records.length);
        metrics.add('SubscribeToShardEvent.MillisBehindLatest', now, reading.millisBehindLatest);
        if (
          !first ||
          reading.records.length > 0 ||
          reading.ended ||
          reading.millisBehindLatest === 0
        )
          yield {
            SubscribeToShardEvent: {
              Records: reading.records.map((record) => describeRecord(shard, record)),
              // Absent where there are children: the Kinesis Client Library takes nothing else.
              ContinuationSequenceNumber: reading.ended
                ? undefined
                : shard.sequenceNumberBefore(position),
              MillisBehindLatest: reading.millisBehindLatest,
              ...childrenAtEnd(shard, reading),
            },
          };
        first = false;
        for (const record of reading.records)
          state.environment.journal.record(
            'delivered',
            shard.sequenceNumberOf(record),
            consumer.arn,
          );
        if (reading.ended) return;
        const remaining = since + lifetime - now;
        if (reading.millisBehindLatest > 0)
          await wait(Math.min(remaining, (reading.bytes / eventBytes) * second), false);
        else if (shard.log.next === position && shard.open && !over)
          await wait(Math.min(remaining, heartbeat), true);
      }
    } finally {
      stopListening();
      context.signal.removeEventListener('abort', subscription.end);
      if (consumer.subscriptions.get(shard.index) === subscription)
        consumer.subscriptions.delete(shard.index);
    }
  }
  return push();
}
