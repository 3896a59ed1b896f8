import type { Kinesis } from '@aws-sdk/client-kinesis';
import type { FailedRecord } from './delivered-clicks';

/** What the function itself turned away: another try would not help. */
const turnedAway = 'Lambda.ProcessingFailedStatus';

/** The records that failed because the function did not answer. */
export function worthAnotherTry(failed: readonly FailedRecord[]): FailedRecord[] {
  return failed.filter(({ errorCode }) => errorCode !== turnedAway);
}

/**
 * Puts records that Firehose wrote to its error prefix into the stream again: behind those of the same customer that came meanwhile.
 *
 * @returns how many
 */
export async function putAgain(
  kinesis: Kinesis,
  StreamName: string,
  failed: readonly FailedRecord[],
): Promise<number> {
  const texts = worthAnotherTry(failed).map(({ rawData }) =>
    Buffer.from(rawData, 'base64').toString('utf8'),
  );
  for (const text of texts) {
    // Broken ones are among them: the function had not seen them yet.
    const [, customer = 'unknown'] = /"customerId":"([^"]*)"/.exec(text) ?? [];
    await kinesis.putRecord({
      StreamName,
      Data: Buffer.from(text, 'utf8'),
      PartitionKey: customer,
    });
  }
  return texts.length;
}
