import type { HttpAnswer, HttpCallError } from '../../../network/http-call';
import type { AttemptFailure } from '../delivery/retrying';
import type { RedshiftSettings } from './redshift-settings';

/**
 * The statement that has Redshift load what a manifest lists.
 *
 * @param manifest - its key
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
 */
export function copyStatement(
  { bucket, columns, options, roleArn, table }: RedshiftSettings,
  manifest: string,
): string {
  const into = columns === undefined ? table : `${table} (${columns})`;
  const from = `'s3://${bucket.bucket}/${manifest}'`;
  const end = options === undefined ? '' : ` ${options}`;
  return `COPY ${into} FROM ${from} CREDENTIALS 'aws_iam_role=${roleArn}' MANIFEST${end};`;
}

/** The list of objects that are loaded together. https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html */
export function manifest({ bucket }: RedshiftSettings, keys: readonly string[]): string {
  const entries = keys.map((key) => ({ url: `s3://${bucket.bucket}/${key}`, mandatory: true }));
  return JSON.stringify({ entries });
}

/**
 * Why a statement failed; undefined if it did not. Whoever stands in for Redshift names one of Firehose's codes as `errorCode`, such as
 * `Redshift.TableNotFound`, and may say more as `errorMessage`.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html#monitoring-rs-errors
 */
export function failureOfAnswer({ status, body }: HttpAnswer): AttemptFailure | undefined {
  if (status === 200) return undefined;
  const { errorCode, errorMessage } = membersOf(body.toString('utf8'));
  return {
    code: typeof errorCode === 'string' ? errorCode : 'Redshift.DataLoadFailed',
    message:
      typeof errorMessage === 'string'
        ? errorMessage
        : 'Loading data into the table failed. Check STL_LOAD_ERRORS system table for details.',
  };
}

export function failureOfCall({ message }: HttpCallError): AttemptFailure {
  return {
    code: 'Redshift.ConnectionFailed',
    message: `The connection to the specified Amazon Redshift cluster failed. Ensure that security settings allow Firehose connections, that the cluster or database specified in the Amazon Redshift destination configuration or JDBC URL is correct, and that the cluster is available. (${message})`,
  };
}

function membersOf(text: string): {
  readonly errorCode?: unknown;
  readonly errorMessage?: unknown;
} {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
