import type { CallContext } from '../../protocol/handlers';
import { Regional, type ServiceEnvironment } from '../service';
import type { ConfiguredDestination } from './delivery/destination-kind';
import { DeliveryStream, type StreamSourceSettings } from './delivery-stream';
import { limitExceeded, notFound, resourceInUse } from './errors';
import { type DeliveryStreamAddress, deliveryStreamArn, parseDeliveryStreamArn } from './names';
import type { FirehosePorts } from './ports';
import { StreamReader } from './source/stream-reader';

/** Milliseconds that a delivery stream is being created or deleted, or its encryption changed. */
export const transition = 10_000;

/** Delivery streams of an account in a region. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const maximumStreams = 5000;

/** What a delivery stream is made of. */
export interface NewDeliveryStream {
  readonly address: DeliveryStreamAddress;
  readonly destination: ConfiguredDestination;
  /** @default - producers put records directly */
  readonly source: StreamSourceSettings | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** All delivery streams of all accounts and regions. */
export class FirehoseState {
  private readonly regions = new Regional<Map<string, DeliveryStream>>(() => new Map());

  constructor(
    readonly environment: ServiceEnvironment,
    readonly ports: FirehosePorts,
  ) {}

  get now(): number {
    return this.environment.clock.now();
  }

  in(account: string, region: string): Map<string, DeliveryStream> {
    return this.regions.in(account, region);
  }

  all(): DeliveryStream[] {
    return this.regions.all().flatMap((streams) => [...streams.values()]);
  }

  find({ account, region, name }: DeliveryStreamAddress): DeliveryStream | undefined {
    return this.in(account, region).get(name);
  }

  findByArn(arn: string): DeliveryStream | undefined {
    const address = parseDeliveryStreamArn(arn);
    return address && this.find(address);
  }

  /**
   * The delivery stream that a call is about: authorization comes first, then whether it exists.
   *
   * @throws ServiceError AccessDeniedException, ResourceNotFoundException
   */
  stream(context: CallContext, name: string, action: string): DeliveryStream {
    const address = { account: context.account, region: context.region, name };
    context.authorize(`firehose:${action}`, deliveryStreamArn(address));
    const stream = this.find(address);
    if (!stream) throw notFound(address);
    return stream;
  }

  /** As {@link stream}, for calls that change it. @throws ServiceError also ResourceInUseException */
  activeStream(context: CallContext, name: string, action: string): DeliveryStream {
    const stream = this.stream(context, name, action);
    requireActive(stream);
    return stream;
  }

  /** @throws ServiceError ResourceInUseException, LimitExceededException */
  create(
    { address, destination, source, tags }: NewDeliveryStream,
    status: 'ACTIVE' | 'CREATING',
  ): DeliveryStream {
    const { account, region, name } = address;
    const streams = this.in(account, region);
    if (streams.has(name))
      throw resourceInUse(`Firehose ${name} under accountId ${account} already exists`);
    if (streams.size >= maximumStreams)
      throw limitExceeded(
        `You have already consumed your firehose quota of ${maximumStreams} hoses.`,
      );
    const { environment, now, ports } = this;
    const stream = new DeliveryStream(address, destination, source, tags, now, environment, ports);
    streams.set(name, stream);
    if (status === 'ACTIVE') this.activate(stream);
    else this.later(stream, 'creation', () => this.activate(stream));
    return stream;
  }

  delete(stream: DeliveryStream): void {
    stream.discard();
    this.later(stream, 'deletion', () => this.remove(stream));
  }

  /** At once, without the time that it takes. */
  remove(stream: DeliveryStream): void {
    const { account, region, name } = stream.address;
    stream.discard();
    this.in(account, region).delete(name);
  }

  later(stream: DeliveryStream, what: string, then: () => void): void {
    this.environment.clock.after(transition, `${what} of ${stream.arn}`, then);
  }

  private activate(stream: DeliveryStream): void {
    const { source, status } = stream;
    if (status !== 'CREATING') return;
    stream.status = 'ACTIVE';
    if (!source) return;
    stream.reader = new StreamReader(stream, source, this.ports.streams, this.environment.clock);
  }
}

/** @throws ServiceError ResourceInUseException */
export function requireActive({ status, address }: DeliveryStream): void {
  if (status !== 'ACTIVE')
    throw resourceInUse(
      `Firehose ${address.name} under accountId ${address.account} is not in an ACTIVE state.`,
    );
}
