import type { CallContext } from '../../protocol/handlers';
import { checkKeyUse, type UsableKeys, withPrefixedKeyErrors } from '../key-use';
import { Regional, type ServiceEnvironment } from '../service';
import { Consumer } from './consumer';
import {
  invalidArgument,
  limitExceeded,
  resourceInUse,
  resourceNotFound,
  streamNotFound,
} from './errors';
import { parseArn, type StreamAddress, streamArn } from './names';
import { Stream, type StreamSettings } from './stream';

/** Milliseconds that a stream is being created, changed or deleted, and a consumer registered. */
export const transition = 5000;

/** The most consumers of a stream. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const maximumConsumers = 20;

/** How a request says which stream it is about. */
export interface StreamReference {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

/** All streams of all accounts and regions. */
export class KinesisState {
  private readonly regions = new Regional<Map<string, Stream>>(() => new Map());

  constructor(
    readonly environment: ServiceEnvironment,
    private readonly keys: UsableKeys | undefined,
  ) {}

  get now(): number {
    return this.environment.clock.now();
  }

  in(account: string, region: string): Map<string, Stream> {
    return this.regions.in(account, region);
  }

  all(): Stream[] {
    return this.regions.all().flatMap((streams) => [...streams.values()]);
  }

  find({ account, region, name }: StreamAddress): Stream | undefined {
    return this.in(account, region).get(name);
  }

  /** The stream of that ARN, or of that consumer's. */
  findByArn(arn: string): Stream | undefined {
    const parsed = parseArn(arn);
    return parsed && this.find(parsed.stream);
  }

  findConsumer(arn: string): Consumer | undefined {
    const stream = this.findByArn(arn);
    return stream && [...stream.consumers.values()].find((consumer) => consumer.arn === arn);
  }

  /**
   * The stream that a call is about: authorization comes first, then whether it exists.
   *
   * @throws ServiceError InvalidArgumentException, AccessDeniedException, ResourceNotFoundException
   */
  stream(context: CallContext, reference: StreamReference, action: string): Stream {
    const address = addressOf(reference, context);
    context.authorize(`kinesis:${action}`, streamArn(address));
    const stream = this.find(address);
    if (!stream) throw streamNotFound(address);
    return stream;
  }

  /** As {@link stream}, for calls that put and read records. */
  usableStream(context: CallContext, reference: StreamReference, action: string): Stream {
    const stream = this.stream(context, reference, action);
    if (!stream.usable) throw streamNotFound(stream.address);
    return stream;
  }

  /** As {@link stream}, for calls that change it. @throws ServiceError also ResourceInUseException */
  activeStream(context: CallContext, reference: StreamReference, action: string): Stream {
    const stream = this.stream(context, reference, action);
    requireActive(stream);
    return stream;
  }

  /** @throws ServiceError ResourceInUseException if there is one of that name */
  create(address: StreamAddress, settings: StreamSettings, status: 'ACTIVE' | 'CREATING'): Stream {
    const streams = this.in(address.account, address.region);
    if (streams.has(address.name))
      throw resourceInUse(
        `Stream ${address.name} under account ${address.account} already exists.`,
      );
    const stream = new Stream(address, settings, this.now, this.environment.metrics);
    streams.set(address.name, stream);
    stream.status = status;
    if (status === 'CREATING')
      this.later(stream, 'creation', () => {
        stream.status = 'ACTIVE';
      });
    return stream;
  }

  delete(stream: Stream): void {
    stream.status = 'DELETING';
    this.later(stream, 'deletion', () => this.remove(stream));
  }

  /** At once, without the time that it takes. */
  remove(stream: Stream): void {
    const { account, region, name } = stream.address;
    for (const consumer of stream.consumers.values()) consumer.endSubscriptions();
    this.in(account, region).delete(name);
  }

  /** @throws ServiceError ResourceInUseException, LimitExceededException */
  register(
    stream: Stream,
    name: string,
    tags: Readonly<Record<string, string>>,
    status: 'ACTIVE' | 'CREATING',
  ): Consumer {
    if (stream.consumers.has(name))
      throw resourceInUse(`Consumer ${name} of stream ${stream.arn} already exists.`);
    if (stream.consumers.size >= maximumConsumers)
      throw limitExceeded(
        `Stream ${stream.arn} cannot have more than ${maximumConsumers} consumers.`,
      );
    const consumer = new Consumer(stream.arn, name, this.now, tags);
    stream.consumers.set(name, consumer);
    consumer.status = status;
    if (status === 'CREATING')
      this.later(stream, `registration of ${name}`, () => {
        if (consumer.status === 'CREATING') consumer.status = 'ACTIVE';
      });
    return consumer;
  }

  deregister(stream: Stream, consumer: Consumer): void {
    if (consumer.status === 'DELETING') return;
    consumer.status = 'DELETING';
    consumer.endSubscriptions();
    this.later(stream, `deregistration of ${consumer.name}`, () =>
      this.removeConsumer(stream, consumer),
    );
  }

  /** At once, without the time that it takes. */
  removeConsumer(stream: Stream, consumer: Consumer): void {
    consumer.endSubscriptions();
    if (stream.consumers.get(consumer.name) === consumer) stream.consumers.delete(consumer.name);
  }

  /** Has a stream be UPDATING for a while, at the end of which the change is made. */
  update(stream: Stream, change: () => void = () => undefined): void {
    stream.status = 'UPDATING';
    this.later(stream, 'update', () => {
      if (stream.status !== 'UPDATING') return;
      stream.status = 'ACTIVE';
      change();
    });
  }

  /**
   * Checks that a caller may use the key of a stream, if it has one. Records themselves are not encrypted.
   *
   * @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
   * @throws ServiceError KMSAccessDeniedException and others
   */
  useKey(
    stream: Stream,
    action: 'Decrypt' | 'GenerateDataKey',
    context: Pick<CallContext, 'caller'> & { readonly call?: CallContext },
  ): void {
    const { keyId, address, arn } = stream;
    const { keys } = this;
    if (keyId === undefined || keys === undefined) return;
    withPrefixedKeyErrors(() =>
      checkKeyUse(keys, this.environment.authorize, keyId, {
        ...address,
        service: 'kinesis',
        actions: [action],
        encryptionContext: { 'aws:kinesis:arn': arn },
        caller: context.caller,
        call: context.call,
      }),
    );
  }

  /** @throws ServiceError KMSNotFoundException and others for a key that cannot be used */
  checkKey(keyId: string, { account, region }: StreamAddress): void {
    withPrefixedKeyErrors(() => this.keys?.usableKeyArn(keyId, account, region));
  }

  private later(stream: Stream, what: string, then: () => void): void {
    this.environment.clock.after(transition, `${what} of ${stream.arn}`, then);
  }
}

/** @throws ServiceError ResourceInUseException */
export function requireActive({ status, address }: Stream): void {
  if (status !== 'ACTIVE')
    throw resourceInUse(
      `Stream ${address.name} under account ${address.account} not ACTIVE, instead in state ${status}`,
    );
}

/** A request names its stream by name, by ARN, or by both. */
function addressOf(
  { StreamARN, StreamName }: StreamReference,
  { account, region }: Pick<CallContext, 'account' | 'region'>,
): StreamAddress {
  if (StreamARN === undefined) {
    if (StreamName === undefined)
      throw invalidArgument('Either StreamName or StreamARN must be specified.');
    return { account, region, name: StreamName };
  }
  const address = parseArn(StreamARN)?.stream;
  if (!address) throw invalidArgument(`Invalid StreamARN: ${StreamARN}`);
  if (address.region !== region)
    throw resourceNotFound(`Stream ${StreamARN} is not in region ${region}.`);
  if (StreamName !== undefined && StreamName !== address.name)
    throw invalidArgument(`StreamName ${StreamName} does not match StreamARN ${StreamARN}.`);
  return address;
}
