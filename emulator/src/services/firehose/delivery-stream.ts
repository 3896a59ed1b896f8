import type { Caller } from '../../iam/caller';
import type { ServiceEnvironment } from '../service';
import type { ConfiguredDestination } from './delivery/destination-kind';
import { Pipeline } from './delivery/pipeline';
import type { DeliverySurroundings } from './delivery/surroundings';
import { type FirehoseMetrics, firehoseMetrics } from './metrics';
import { type DeliveryStreamAddress, deliveryStreamArn } from './names';
import type { FirehosePorts } from './ports';
import type { FirehoseRecord, StreamOrigin } from './record';
import { DirectPutLimit, directPutQuota } from './source/direct-put-limit';

export type DeliveryStreamStatus = 'ACTIVE' | 'CREATING' | 'DELETING';
export type EncryptionStatus = 'DISABLED' | 'DISABLING' | 'ENABLED' | 'ENABLING';

/** Milliseconds that Firehose keeps what it cannot deliver. https://docs.aws.amazon.com/firehose/latest/dev/retry.html */
const kept = 24 * 60 * 60 * 1000;

/** The stream that a delivery stream reads. */
export interface StreamSourceSettings {
  readonly streamArn: string;
  readonly roleArn: string;
}

/** Reads the source stream of a delivery stream. */
export interface SourceReader {
  /** Goes on, if it has stopped because the delivery stream had too much. */
  resume(): void;
  stop(): void;
}

/** How what a delivery stream holds is encrypted. */
export interface Encryption {
  readonly status: EncryptionStatus;
  readonly keyType?: 'AWS_OWNED_CMK' | 'CUSTOMER_MANAGED_CMK' | undefined;
  /** As callers gave it. */
  readonly keyArn?: string | undefined;
}

/** A delivery stream. */
export class DeliveryStream {
  readonly arn: string;
  readonly metrics: FirehoseMetrics;
  readonly limit: DirectPutLimit;
  readonly tags: Map<string, string>;
  status: DeliveryStreamStatus = 'CREATING';
  encryption: Encryption = { status: 'DISABLED' };
  versionId = 1;
  updated: number | undefined;
  /** What reads the source stream. */
  reader: SourceReader | undefined;
  private pipeline: Pipeline;
  private recordCount = 0;

  /**
   * @param created - emulated time
   * @param source - @default - producers put records directly
   */
  constructor(
    readonly address: DeliveryStreamAddress,
    public destination: ConfiguredDestination,
    readonly source: StreamSourceSettings | undefined,
    tags: Readonly<Record<string, string>>,
    readonly created: number,
    private readonly environment: ServiceEnvironment,
    private readonly ports: FirehosePorts,
  ) {
    this.arn = deliveryStreamArn(address);
    this.tags = new Map(Object.entries(tags));
    this.metrics = firehoseMetrics(environment.metrics, address);
    this.limit = new DirectPutLimit(directPutQuota(address.region));
    this.pipeline = this.pipelineTo(destination);
  }

  /** Whether it has more than it can process or deliver for now. */
  get backedUp(): boolean {
    return this.pipeline.backedUp;
  }

  /** Calls when all records of a shard of the source, of which there are no more, have been processed. */
  whenShardProcessed(shardId: string, then: () => void): void {
    this.pipeline.whenShardProcessed(shardId, then);
  }

  /** Takes a record in. @returns its id */
  accept(data: Uint8Array, arrival: number, origin?: StreamOrigin): string {
    const record: FirehoseRecord = {
      id: origin ? idOf(origin) : this.recordId(),
      arrival,
      data,
      ...(origin && { origin }),
    };
    this.pipeline.accept(record);
    return record.id;
  }

  /** Has another destination from now on. What is buffered for the one before is delivered there at once. */
  redirect(destination: ConfiguredDestination, now: number): void {
    this.pipeline.flush();
    this.versionId += 1;
    this.updated = now;
    this.destination = destination;
    this.pipeline = this.pipelineTo(destination);
    this.reader?.resume();
  }

  /** Loses what it still holds. */
  discard(): void {
    this.status = 'DELETING';
    this.reader?.stop();
    this.reader = undefined;
    this.pipeline.discard();
  }

  /** Acts as a role that trusts Firehose. @throws ServiceError if it does not, or is gone */
  assumeRole(roleArn: string): Caller {
    const { authorize, identities } = this.environment;
    const { account } = this.address;
    authorize({
      caller: {
        kind: 'service',
        service: firehosePrincipal,
        account,
        arn: firehosePrincipal,
        sourceArn: this.arn,
      },
      action: 'sts:AssumeRole',
      resource: roleArn,
      // Policies of AWS's guide ask for it. https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
      context: { 'sts:ExternalId': account },
    });
    const session = identities.openSession(roleArn, 'AWSFirehoseToS3');
    identities.closeSession(session.accessKeyId);
    return session.caller;
  }

  /** Milliseconds that a record is kept that cannot be delivered: for as long as the source stream keeps it, if there is one. */
  private retention(): number {
    if (!this.source) return kept;
    return this.environment.clock.now() - this.ports.streams.horizon(this.source.streamArn);
  }

  private pipelineTo(destination: ConfiguredDestination): Pipeline {
    return new Pipeline(destination, this.source?.streamArn, this.surroundings(), () =>
      this.reader?.resume(),
    );
  }

  /** Ids grow, as those of records in data streams do. */
  private recordId(): string {
    this.recordCount += 1;
    return `4954${String(this.created).padStart(14, '0')}${String(this.recordCount).padStart(38, '0')}`;
  }

  /** What everything inside it works with, as it is configured now. */
  surroundings(): DeliverySurroundings {
    const { address, arn, environment, metrics, ports, versionId } = this;
    return {
      journal: environment.journal,
      address,
      arn,
      versionId,
      metrics,
      ports,
      clock: environment.clock,
      random: environment.random.stream(`firehose/${arn}`),
      assumeRole: (roleArn) => this.assumeRole(roleArn),
      authorize: (roleArn, action, resource) =>
        environment.authorize({ caller: this.assumeRole(roleArn), action, resource }),
      keptUntil: (arrival) => arrival + this.retention(),
      deleted: () => this.status === 'DELETING',
    };
  }
}

/** Records of data streams are known by where they come from. */
function idOf({ sequenceNumber, subsequenceNumber }: StreamOrigin): string {
  return `${sequenceNumber}${String(subsequenceNumber).padStart(6, '0')}`;
}

export const firehosePrincipal = 'firehose.amazonaws.com';
