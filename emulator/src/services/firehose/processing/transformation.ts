import { ServiceError } from '../../../protocol/errors';
import type { ErrorLog } from '../delivery/error-log';
import { type AttemptFailure, tryTimes } from '../delivery/retrying';
import type { DeliverySurroundings } from '../delivery/surroundings';
import type { FailedRecord, FirehoseRecord } from '../record';
import type { TransformationSettings } from './processing-settings';
import { type ReturnedRecord, returnedRecords } from './returned-records';

/** What a transformation has made of records. */
export interface TransformedRecords {
  /** In the order in which they were given; those that were dropped are left out. */
  readonly records: readonly FirehoseRecord[];
  readonly failures: readonly FailedRecord[];
}

/** What the log and the error output say of calls that fail. */
const messages = {
  'Lambda.AssumeRoleAccessDenied':
    'Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role.',
  'Lambda.FunctionError':
    'The Lambda function was successfully invoked but it returned an error result.',
  'Lambda.FunctionTimedOut':
    'The Lambda function timed out. Increase the Timeout setting in the Lambda function.',
  'Lambda.InvokeAccessDenied':
    'Access was denied. Ensure that the access policy allows access to the Lambda function.',
  'Lambda.InvokeLimitExceeded':
    'The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.',
  'Lambda.ResourceNotFound':
    'The specified Lambda function does not exist. Use a different function that does exist.',
} as const;

/** Codes of Lambda's errors. */
const refusals: Readonly<Record<string, keyof typeof messages>> = {
  AccessDeniedException: 'Lambda.InvokeAccessDenied',
  ResourceNotFoundException: 'Lambda.ResourceNotFound',
  TooManyRequestsException: 'Lambda.InvokeLimitExceeded',
};

/**
 * Gives records to a function, batch by batch, and reads what it returns.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export class Transformation {
  constructor(
    private readonly settings: TransformationSettings,
    private readonly roleArn: string,
    private readonly sourceStreamArn: string | undefined,
    private readonly log: ErrorLog,
    private readonly surroundings: DeliverySurroundings,
  ) {}

  /** A batch whose call fails is given again, and is a failure as a whole after the last. Runs as work in hand. */
  async run(batch: readonly FirehoseRecord[]): Promise<TransformedRecords> {
    const { surroundings } = this;
    const payload = this.payload(batch);
    let returned: ReadonlyMap<string, ReturnedRecord> | undefined;
    const { failure, made } = await tryTimes(surroundings, this.settings.retries + 1, async () => {
      const answer = await this.call(payload, batch);
      if (!('code' in answer)) {
        returned = answer;
        return undefined;
      }
      this.log.write(answer.code, answer.message, this.settings.functionArn);
      return answer;
    });
    if (failure || !returned) {
      const { code: errorCode = '', message: errorMessage = '' } = failure ?? {};
      return {
        records: [],
        failures: batch.map((record) => this.failed(record, errorCode, errorMessage, made)),
      };
    }
    return this.transformed(batch, returned, made);
  }

  private async call(
    payload: string,
    batch: readonly FirehoseRecord[],
  ): Promise<ReadonlyMap<string, ReturnedRecord> | AttemptFailure> {
    const { clock, metrics, ports } = this.surroundings;
    const start = clock.now();
    const answer = await this.answer(() => {
      const caller = this.assumedRole();
      if ('code' in caller) return Promise.resolve(caller);
      return clock.park(() =>
        ports.functions.invoke(this.settings.functionArn, payload, caller.role),
      );
    });
    const now = clock.now();
    metrics.add('ExecuteProcessing.Duration', now, now - start);
    const result = 'code' in answer ? answer : returnedRecords(answer.payload, batch);
    metrics.add('ExecuteProcessing.Success', now, 'code' in result ? 0 : 1);
    return result;
  }

  private assumedRole() {
    try {
      return { role: this.surroundings.assumeRole(this.roleArn) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return failureOf('Lambda.AssumeRoleAccessDenied');
    }
  }

  private async answer(
    invoke: () => Promise<
      { readonly payload: string; readonly functionError?: string | undefined } | AttemptFailure
    >,
  ): Promise<{ readonly payload: string } | AttemptFailure> {
    try {
      const answer = await invoke();
      if ('code' in answer || answer.functionError === undefined) return answer;
      return failureOf(
        answer.payload.includes('Task timed out')
          ? 'Lambda.FunctionTimedOut'
          : 'Lambda.FunctionError',
      );
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const code = refusals[error.code];
      return code ? failureOf(code) : { code: `Lambda.${error.code}`, message: error.message };
    }
  }

  private transformed(
    batch: readonly FirehoseRecord[],
    returned: ReadonlyMap<string, ReturnedRecord>,
    made: number,
  ): TransformedRecords {
    const { clock, metrics } = this.surroundings;
    const records: FirehoseRecord[] = [];
    const failures: FailedRecord[] = [];
    let bytes = 0;
    for (const record of batch) {
      const result = returned.get(record.id);
      if (result?.kind === 'ok') {
        const { data, partitionKeys } = result;
        bytes += data.byteLength;
        records.push(
          partitionKeys
            ? { ...record, data, partitionKeys: { query: {}, lambda: partitionKeys } }
            : { ...record, data },
        );
      } else if (result?.kind !== 'dropped')
        failures.push(
          this.failed(
            record,
            'Lambda.ProcessingFailedStatus',
            'ProcessingFailed status set for record',
            made,
          ),
        );
    }
    metrics.add('SucceedProcessing.Records', clock.now(), batch.length - failures.length);
    metrics.add('SucceedProcessing.Bytes', clock.now(), bytes);
    return { records, failures };
  }

  private failed(
    record: FirehoseRecord,
    errorCode: string,
    errorMessage: string,
    attemptsMade: number,
  ): FailedRecord {
    const details = { lambdaArn: this.settings.functionArn };
    return { record, errorCode, errorMessage, attemptsMade, details };
  }

  private payload(batch: readonly FirehoseRecord[]): string {
    const { address, arn, random } = this.surroundings;
    return JSON.stringify({
      invocationId: random.uuid(),
      sourceKinesisStreamArn: this.sourceStreamArn,
      deliveryStreamArn: arn,
      region: address.region,
      records: batch.map(({ arrival, data, id, origin }) => ({
        recordId: id,
        approximateArrivalTimestamp: arrival,
        data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
        ...(origin && {
          kinesisRecordMetadata: {
            sequenceNumber: origin.sequenceNumber,
            subsequenceNumber: origin.subsequenceNumber,
            partitionKey: origin.partitionKey,
            shardId: origin.shardId,
            approximateArrivalTimestamp: arrival,
          },
        }),
      })),
    });
  }
}

function failureOf(code: keyof typeof messages): AttemptFailure {
  return { code, message: messages[code] };
}
