import { fieldsOf } from '../../../filters';
import type { SourceRecord } from '../stream-source';
import {
  checkFilterCount,
  compilePattern,
  invalidPattern,
  jsonDocument,
  parseFilter,
} from './filter-criteria';

/** What of a record a filter can look at besides its data. */
const metadata = [
  'approximateArrivalTimestamp',
  'kinesisSchemaVersion',
  'partitionKey',
  'sequenceNumber',
];

/** Decides which records of a stream reach the function: those that match any of the filters. */
export class StreamFilter {
  private readonly filters: ((record: SourceRecord) => boolean)[];

  /**
   * @param patterns - JSON texts, as in `Filters[].Pattern`
   * @throws ServiceError if one is not a pattern for records of streams
   */
  constructor(patterns: readonly string[]) {
    checkFilterCount(patterns);
    this.filters = patterns.map(compileFilter);
  }

  accepts(record: SourceRecord): boolean {
    return this.filters.length === 0 || this.filters.some((filter) => filter(record));
  }
}

/**
 * A filter for Kinesis looks at the data and at what is known of the record: a list of rules for data is for text, and drops JSON;
 * an object is for JSON, and drops the others.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
 */
function compileFilter(text: string): (record: SourceRecord) => boolean {
  const pattern = parseFilter(text);
  const names = Object.keys(pattern);
  if (names.length === 0) return () => true;
  if (names.some((name) => name !== 'data' && !metadata.includes(name))) throw invalidPattern();
  const forData = 'data' in pattern;
  const forText = forData && Array.isArray(pattern.data);
  const rules = compilePattern(pattern);
  return ({ arrival, data, partitionKey, sequenceNumber }) => {
    const content = forData ? Buffer.from(data).toString('utf8') : '';
    const document = jsonDocument(content);
    if (forData && forText !== (document === undefined)) return false;
    return rules.matches(
      fieldsOf({
        approximateArrivalTimestamp: arrival / 1000,
        kinesisSchemaVersion: '1.0',
        partitionKey,
        sequenceNumber,
        ...(forData && { data: document ?? content }),
      }),
    );
  };
}
