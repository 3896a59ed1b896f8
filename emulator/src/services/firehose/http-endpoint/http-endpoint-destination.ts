import { gzipSync } from 'node:zlib';
import { HttpCallError } from '../../../network/http-call';
import type { Batch } from '../delivery/destination';
import { type AttemptFailure, tryFor } from '../delivery/retrying';
import type { DeliverySurroundings } from '../delivery/surroundings';
import { readCredentials, SecretError } from '../endpoints/access-secret';
import { BackedDestination, bytesOf, dataId } from '../endpoints/backed-destination';
import { EndpointClient } from '../endpoints/endpoint-client';
import type { FirehoseRecord } from '../record';
import { failureOfAnswer, failureOfCall } from './http-endpoint-answer';
import type { HttpEndpointSettings } from './http-endpoint-settings';

/** https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html */
const patience = 3 * 60_000;
const largestAnswer = 1024 * 1024;
const mostRecords = 10_000;
const firstDelay = 1000;
const longestDelay = 2 * 60_000;
/** A delay is longer or shorter by so much of it at most. */
const jitter = 0.15;

/**
 * An HTTP endpoint.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 */
export class HttpEndpointDestination extends BackedDestination {
  private readonly client: EndpointClient;

  constructor(
    private readonly endpoint: HttpEndpointSettings,
    surroundings: DeliverySurroundings,
  ) {
    super(endpoint, surroundings, 'DeliveryToHttpEndpoint', endpoint.url);
    this.client = new EndpointClient(surroundings, 'http-endpoint', { patience, largestAnswer });
  }

  async deliver({ records }: Batch): Promise<void> {
    for (let start = 0; start < records.length; start += mostRecords)
      await this.deliverOnce(records.slice(start, start + mostRecords));
  }

  private async deliverOnce(records: readonly FirehoseRecord[]): Promise<void> {
    const { random } = this.surroundings;
    const requestId = random.uuid();
    const delayBefore = (retry: number) =>
      Math.min(longestDelay, firstDelay * 2 ** retry) * (1 - jitter + 2 * jitter * random.next());
    const attempts = await tryFor(
      this.surroundings,
      this.settings.retryFor,
      async () => {
        const failure = await this.attempt(records, requestId);
        this.count(records, failure);
        if (failure) this.log.write(failure.code, failure.message);
        return failure;
      },
      delayBefore,
    );
    // What is too large once is logged, and lost: so AWS documents it.
    if (attempts.failure?.final) return;
    this.givenUp('http-endpoint-failed', records, attempts, (record) => ({
      subsequenceNumber: record.origin?.subsequenceNumber ?? 0,
      dataId: dataId(record),
    }));
  }

  private async attempt(
    records: readonly FirehoseRecord[],
    requestId: string,
  ): Promise<AttemptFailure | undefined> {
    const { clock } = this.surroundings;
    const { compresses, url } = this.endpoint;
    const document = JSON.stringify({
      requestId,
      timestamp: clock.now(),
      records: records.map(({ data }) => ({ data: Buffer.from(data).toString('base64') })),
    });
    try {
      const answer = await this.client.call({
        method: 'POST',
        url,
        headers: this.headers(requestId),
        body: compresses ? gzipSync(document) : document,
        success: () => ({ requestId, timestamp: clock.now() }),
      });
      return failureOfAnswer(answer, requestId);
    } catch (error) {
      if (error instanceof HttpCallError) return failureOfCall(error);
      if (error instanceof SecretError) return error.failure;
      throw error;
    }
  }

  private headers(requestId: string): Record<string, string> {
    const { access, commonAttributes, compresses } = this.endpoint;
    const { AccessKey: key } = readCredentials(access, { AccessKey: 'api_key' }, this.surroundings);
    return {
      'X-Amz-Firehose-Protocol-Version': '1.0',
      'X-Amz-Firehose-Request-Id': requestId,
      'X-Amz-Firehose-Source-Arn': this.surroundings.arn,
      ...(key !== undefined && { 'X-Amz-Firehose-Access-Key': key }),
      ...(Object.keys(commonAttributes).length > 0 && {
        'X-Amz-Firehose-Common-Attributes': JSON.stringify({ commonAttributes }),
      }),
      'Content-Type': 'application/json',
      ...(compresses && { 'Content-Encoding': 'gzip' }),
      'User-Agent': 'Amazon Kinesis Data Firehose Agent/1.0',
    };
  }

  private count(records: readonly FirehoseRecord[], failure: AttemptFailure | undefined): void {
    const { clock, metrics } = this.surroundings;
    this.attempted(records, [failure ? 0 : 1]);
    metrics.add('DeliveryToHttpEndpoint.ProcessedRecords', clock.now(), records.length);
    metrics.add('DeliveryToHttpEndpoint.ProcessedBytes', clock.now(), bytesOf(records));
    if (!failure) this.delivered(records);
  }
}
