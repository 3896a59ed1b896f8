import type { LogKind } from '../../engines/brokers';
import type { Caller } from '../../iam/caller';
import type { MetricPlace } from '../../metrics/metric-sink';
import type { ServiceEnvironment } from '../service';
import type { Broker } from './broker';

/** Where brokers write their logs: CloudWatch Logs, as the composition root adapts it. */
export interface LogSink {
  /** Appends to a stream; makes group and stream where they are missing. */
  write(
    place: { account: string; region: string; group: string; stream: string },
    lines: readonly { readonly timestamp: number; readonly message: string }[],
    caller: Caller,
  ): void;
}

/** Name of the group of one of a broker's logs. */
export function logGroupName(brokerId: string, kind: LogKind): string {
  return `/aws/amazonmq/broker/${brokerId}/${kind}`;
}

/**
 * Publishes what brokers log, as far as their settings say.
 *
 * AWS does it as `mq.amazonaws.com`, which a resource policy of CloudWatch Logs has to let in. Such policies are recorded
 * here, so that it is the account itself that writes.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/configure-logging-monitoring-activemq.html
 */
export class BrokerLogs {
  constructor(
    private readonly place: MetricPlace,
    private readonly env: ServiceEnvironment,
    private readonly sink: LogSink,
  ) {}

  write({ definition, id }: Broker, member: number, kind: LogKind, message: string): void {
    if (!definition.logs[kind] || message === '') return;
    const { clock, identities } = this.env;
    const stream = `${definition.engine.toLowerCase()}-${id}-${member + 1}.log`;
    this.sink.write(
      { ...this.place, group: logGroupName(id, kind), stream },
      [{ timestamp: clock.now(), message }],
      identities.resolve(this.place.account),
    );
  }
}
