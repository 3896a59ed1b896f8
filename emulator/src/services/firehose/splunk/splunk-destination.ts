import { HttpCallError } from '../../../network/http-call';
import type { Batch } from '../delivery/destination';
import { type AttemptFailure, tryFor } from '../delivery/retrying';
import type { DeliverySurroundings } from '../delivery/surroundings';
import { readCredentials, SecretError } from '../endpoints/access-secret';
import { BackedDestination, dataId } from '../endpoints/backed-destination';
import { EndpointClient } from '../endpoints/endpoint-client';
import { acknowledgmentId, failureOfCall, isAcknowledged, splunkFailure } from './splunk-answer';
import type { SplunkSettings } from './splunk-settings';

/** Emulated milliseconds between questions for an acknowledgment; AWS documents none. */
const pollEvery = 10_000;
const largestAnswer = 1024 * 1024;

/**
 * Splunk's HTTP Event Collector, with indexer acknowledgment.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 */
export class SplunkDestination extends BackedDestination {
  private readonly client: EndpointClient;
  /** Acknowledgments are asked for on the channel on which the events were sent. */
  private readonly channel: string;
  private captured = 0;

  constructor(
    private readonly splunk: SplunkSettings,
    surroundings: DeliverySurroundings,
  ) {
    super(splunk, surroundings, 'DeliveryToSplunk', splunk.endpoint);
    const patience = splunk.acknowledgedWithin;
    this.client = new EndpointClient(surroundings, 'splunk', { patience, largestAnswer });
    this.channel = surroundings.random.uuid();
  }

  async deliver({ records }: Batch): Promise<void> {
    const body = Buffer.concat(records.map(({ data }) => data));
    const attempts = await tryFor(this.surroundings, this.settings.retryFor, async () => {
      const failure = await this.attempt(body);
      this.attempted(records, [failure ? 0 : 1]);
      if (failure) this.log.write(failure.code, failure.message);
      else this.delivered(records);
      return failure;
    });
    this.givenUp('splunk-failed', records, attempts, (record) => ({ EventId: dataId(record) }));
  }

  private async attempt(body: Uint8Array): Promise<AttemptFailure | undefined> {
    const { clock, metrics } = this.surroundings;
    const sent = clock.now();
    try {
      const { HECToken: token = '' } = readCredentials(
        this.splunk.access,
        { HECToken: 'hec_token' },
        this.surroundings,
      );
      const path = this.splunk.type === 'Raw' ? 'raw' : 'event';
      const answer = await this.call(path, token, body, () => {
        this.captured += 1;
        return { text: 'Success', code: 0, ackId: this.captured };
      });
      const id = acknowledgmentId(answer);
      if (typeof id !== 'number') return id;
      if (!(await this.acknowledged(id, token, sent))) return splunkFailure('AckTimeout');
      metrics.add('DeliveryToSplunk.DataAckLatency', clock.now(), (clock.now() - sent) / 1000);
      return undefined;
    } catch (error) {
      if (error instanceof HttpCallError) return failureOfCall(error);
      if (error instanceof SecretError) return error.failure;
      throw error;
    }
  }

  /** Asks again and again, until it is acknowledged or the time for that is over. */
  private async acknowledged(id: number, token: string, sent: number): Promise<boolean> {
    const { arn, clock, deleted } = this.surroundings;
    const until = sent + this.splunk.acknowledgedWithin;
    while (clock.now() < until && !deleted()) {
      const wait = Math.min(pollEvery, until - clock.now());
      await clock.park(() => clock.sleep(wait, `acknowledgment for ${arn}`));
      if (await this.asked(id, token)) return true;
    }
    return false;
  }

  /** A question that fails is no answer: there will be another. */
  private async asked(id: number, token: string): Promise<boolean> {
    try {
      const body = JSON.stringify({ acks: [id] });
      const answer = await this.call('ack', token, body, () => ({ acks: { [id]: true } }));
      return isAcknowledged(answer, id);
    } catch (error) {
      if (error instanceof HttpCallError) return false;
      throw error;
    }
  }

  private call(
    path: 'ack' | 'event' | 'raw',
    token: string,
    body: string | Uint8Array,
    success: () => object,
  ) {
    return this.client.call({
      method: 'POST',
      url: `${this.splunk.endpoint}/services/collector/${path}`,
      headers: {
        Authorization: `Splunk ${token}`,
        'X-Splunk-Request-Channel': this.channel,
        'User-Agent': 'Amazon Kinesis Data Firehose Agent/1.0',
      },
      body,
      success,
    });
  }
}
