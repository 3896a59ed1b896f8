import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import type { FirehoseApi } from '../api';
import type { DeliveryStream } from '../delivery-stream';
import { checkKey } from '../encryption';
import { invalidArgument, notFound, throttled, throttledText } from '../errors';
import type { FirehoseState } from '../state';

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const recordBytes = 1000 * 1024;
const batchRecords = 500;
const batchBytes = 4 * 1024 * 1024;

/** Putting records. */
export function recordOperations(state: FirehoseState) {
  return {
    PutRecord(input, context) {
      acceptOnly('PutRecord', input, ['DeliveryStreamName', 'Record']);
      const { Data: data } = input.Record;
      checkSize(new Constraints('ValidationException'), 'record.data', data).check();
      const stream = openStream(
        state,
        state.stream(context, input.DeliveryStreamName, 'PutRecord'),
      );
      return { RecordId: putOne(state, stream, data), Encrypted: isEncrypted(stream) };
    },

    PutRecordBatch(input, context) {
      acceptOnly('PutRecordBatch', input, ['DeliveryStreamName', 'Records']);
      const { Records: records } = input;
      const constraints = new Constraints('ValidationException').length(
        'records',
        records,
        1,
        batchRecords,
      );
      records.forEach(({ Data: data }, index) => {
        checkSize(constraints, `records.${index + 1}.member.data`, data);
      });
      constraints.check();
      const bytes = records.reduce((sum, { Data: data }) => sum + data.byteLength, 0);
      if (bytes > batchBytes) throw invalidArgument('Records size exceeds 4 MB limit');
      const stream = openStream(
        state,
        state.stream(context, input.DeliveryStreamName, 'PutRecordBatch'),
      );
      const { limit, metrics } = stream;
      const { now } = state;
      countRequest(stream, now);
      if (!limit.takeRequest(now)) {
        metrics.add('ThrottledRecords', now, records.length);
        throw throttled();
      }
      let failed = 0;
      const responses = records.map(({ Data: data }) => {
        if (limit.takeRecord(data.byteLength, now)) return { RecordId: take(state, stream, data) };
        failed += 1;
        return { ErrorCode: 'ServiceUnavailableException', ErrorMessage: throttledText };
      });
      metrics.add('ThrottledRecords', now, failed);
      metrics.add('PutRecordBatch.Requests', now);
      metrics.add('PutRecordBatch.Records', now, records.length);
      metrics.add('PutRecordBatch.Bytes', now, bytes);
      return {
        FailedPutCount: failed,
        RequestResponses: responses,
        Encrypted: isEncrypted(stream),
      };
    },
  } satisfies Handlers<FirehoseApi>;
}

function checkSize(constraints: Constraints, member: string, { byteLength }: Uint8Array) {
  if (byteLength > recordBytes)
    constraints.fail(
      member,
      `java.nio.HeapByteBuffer[pos=0 lim=${byteLength} cap=${byteLength}]`,
      `Member must have length less than or equal to ${recordBytes}`,
    );
  return constraints;
}

/**
 * Puts a record that is not put by a request.
 *
 * @returns its id
 * @throws ServiceError as PutRecord, authorization apart
 */
export function putRecord(
  state: FirehoseState,
  stream: DeliveryStream | undefined,
  arn: string,
  data: Uint8Array,
): string {
  checkSize(new Constraints('ValidationException'), 'record.data', data).check();
  if (!stream) {
    const [, , , region = '', account = '', resource = ''] = arn.split(':');
    throw notFound({ account, region, name: resource.slice(resource.indexOf('/') + 1) });
  }
  return putOne(state, openStream(state, stream), data);
}

function putOne(state: FirehoseState, stream: DeliveryStream, data: Uint8Array): string {
  const { limit, metrics } = stream;
  const { now } = state;
  const size = data.byteLength;
  countRequest(stream, now);
  if (!limit.takeRequest(now) || !limit.takeRecord(size, now)) {
    metrics.add('ThrottledRecords', now);
    throw throttled();
  }
  metrics.add('PutRecord.Requests', now);
  metrics.add('PutRecord.Bytes', now, size);
  return take(state, stream, data);
}

/** The stream, if producers can put records into it. */
function openStream(state: FirehoseState, stream: DeliveryStream): DeliveryStream {
  if (stream.status !== 'ACTIVE') throw notFound(stream.address);
  if (stream.source)
    throw invalidArgument(
      'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    );
  checkKey(state, stream);
  return stream;
}

function countRequest({ limit, metrics }: DeliveryStream, now: number): void {
  metrics.add('IncomingPutRequests', now);
  metrics.add('BytesPerSecondLimit', now, limit.quota.bytes);
  metrics.add('RecordsPerSecondLimit', now, limit.quota.records);
  metrics.add('PutRequestsPerSecondLimit', now, limit.quota.requests);
}

function take({ now, environment }: FirehoseState, stream: DeliveryStream, data: Uint8Array) {
  stream.metrics.add('IncomingRecords', now);
  stream.metrics.add('IncomingBytes', now, data.byteLength);
  const id = stream.accept(data, now);
  environment.journal.record('published', id, stream.arn);
  return id;
}

function isEncrypted({ encryption }: DeliveryStream): boolean {
  return encryption.status === 'ENABLED' || encryption.status === 'DISABLING';
}
