import { ServiceError } from '../../../protocol/errors';
import type { DeliverySurroundings } from './surroundings';

/** Where a part of a delivery stream logs what goes wrong. */
export interface LoggingOptions {
  readonly Enabled?: boolean | undefined;
  readonly LogGroupName?: string | undefined;
  readonly LogStreamName?: string | undefined;
}

/**
 * The log of what goes wrong in a delivery stream, written as its role.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 */
export class ErrorLog {
  /** @param destination - as the log names it: a bucket's ARN, a URL */
  constructor(
    private readonly surroundings: DeliverySurroundings,
    private readonly options: LoggingOptions | undefined,
    private readonly roleArn: string,
    private readonly destination: string,
  ) {}

  /** @param processor - ARN of the function that it is about. @default - about none */
  write(errorCode: string, message: string, processor?: string): void {
    const { address, arn, clock, ports, versionId } = this.surroundings;
    const { Enabled: enabled, LogGroupName: group, LogStreamName: stream } = this.options ?? {};
    if (enabled !== true || group === undefined || stream === undefined) return;
    try {
      ports.logs.write(
        { account: address.account, region: address.region, group, stream },
        [
          {
            timestamp: clock.now(),
            message: JSON.stringify({
              deliveryStreamARN: arn,
              destination: this.destination,
              deliveryStreamVersionId: versionId,
              message,
              errorCode,
              ...(processor !== undefined && { processor }),
            }),
          },
        ],
        this.surroundings.assumeRole(this.roleArn),
      );
    } catch (error) {
      // Without a role there is nobody to write it.
      if (!(error instanceof ServiceError)) throw error;
    }
  }
}
