import { HttpCallError } from '../../../network/http-call';
import { ServiceError } from '../../../protocol/errors';
import type { Batch } from '../delivery/destination';
import { type AttemptFailure, tryFor } from '../delivery/retrying';
import type { DeliverySurroundings } from '../delivery/surroundings';
import { BackedDestination } from '../endpoints/backed-destination';
import { EndpointClient } from '../endpoints/endpoint-client';
import {
  bulkBody,
  bulkFailures,
  bulkSuccess,
  type IndexedDocument,
  indexedDocument,
  unreadable,
} from './bulk-request';
import type { OpenSearchSettings } from './opensearch-settings';

/** https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html: every five minutes. */
const retryEvery = 5 * 60_000;
/** Emulated milliseconds for an answer; AWS documents none. */
const patience = 60_000;

/** Why documents are not where they should be, by document. */
type Failures = ReadonlyMap<IndexedDocument, AttemptFailure>;

/**
 * An index of OpenSearch, which gets documents by bulk requests.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
 */
export class OpenSearchDestination extends BackedDestination {
  private readonly client: EndpointClient;

  constructor(
    private readonly search: OpenSearchSettings,
    surroundings: DeliverySurroundings,
  ) {
    super(
      search,
      surroundings,
      search.serverless
        ? 'DeliveryToAmazonOpenSearchServerless'
        : 'DeliveryToAmazonOpenSearchService',
      search.address,
    );
    this.client = new EndpointClient(surroundings, 'opensearch', { patience });
  }

  async deliver({ records }: Batch): Promise<void> {
    let waiting = records.map((record) => indexedDocument(record, this.search));
    let failures: Failures = new Map();
    const { made } = await tryFor(
      this.surroundings,
      this.settings.retryFor,
      async () => {
        failures = await this.attempt(waiting);
        this.count(waiting, failures);
        waiting = waiting.filter((document) => failures.has(document));
        const [failure] = failures.values();
        return failure;
      },
      () => retryEvery,
    );
    for (const [document, failure] of failures)
      this.givenUp('AmazonOpenSearchService-failed', [document.record], { made, failure }, () =>
        this.details(document),
      );
  }

  private async attempt(documents: readonly IndexedDocument[]): Promise<Failures> {
    const readable = documents.filter(({ line }) => line !== undefined);
    const failures = new Map<IndexedDocument, AttemptFailure>();
    for (const document of documents)
      if (document.line === undefined) failures.set(document, unreadable);
    if (readable.length === 0) return failures;
    const found = await this.index(readable);
    readable.forEach((document, position) => {
      const failure = found[position];
      if (failure) failures.set(document, failure);
    });
    return failures;
  }

  private async index(
    documents: readonly IndexedDocument[],
  ): Promise<readonly (AttemptFailure | undefined)[]> {
    const { address, right, roleArn, url } = this.search;
    try {
      if (right) this.surroundings.authorize(roleArn, right.action, right.resource);
      const answer = await this.client.call({
        method: 'POST',
        url: `${url}/_bulk`,
        address,
        headers: { 'Content-Type': 'application/json' },
        body: bulkBody(documents, this.search),
        success: () => bulkSuccess(documents),
      });
      return bulkFailures(answer, documents.length);
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      return documents.map(() => failure);
    }
  }

  private count(documents: readonly IndexedDocument[], failures: Failures): void {
    const records = documents.map(({ record }) => record);
    this.attempted(
      records,
      documents.map((document) => (failures.has(document) ? 0 : 1)),
    );
    this.delivered(
      documents.filter((document) => !failures.has(document)).map(({ record }) => record),
    );
    // One line for each reason.
    const reasons = new Map([...failures.values()].map((failure) => [failure.message, failure]));
    for (const { code, message } of reasons.values()) this.log.write(code, message);
  }

  /** https://docs.aws.amazon.com/firehose/latest/dev/retry.html */
  private details({ id = '', index }: IndexedDocument): Readonly<Record<string, string>> {
    return this.search.serverless
      ? { osDocumentId: id, osIndexName: index }
      : { esDocumentId: id, esIndexName: index, esTypeName: this.search.typeName ?? '' };
  }
}

function failureOf(error: unknown): AttemptFailure | undefined {
  if (error instanceof ServiceError) return { code: 'OS.AccessDenied', message: error.message };
  if (error instanceof HttpCallError)
    return { code: 'OS.ServiceException', message: `No answer of OpenSearch: ${error.message}` };
  return undefined;
}
