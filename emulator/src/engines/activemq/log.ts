import type { LogKind } from '../brokers/settings';

/** A line of what a broker prints. */
export interface LogLine {
  readonly kind: LogKind;
  readonly message: string;
  /** What it says of the broker's state. */
  readonly event?: 'active' | 'standby';
}

const auditMark = 'audit> ';

/** Has both logs go to standard error, in the layouts that the distribution comes with, those of the audit log marked. */
export const logConfiguration = `
rootLogger.level=INFO
rootLogger.appenderRef.general.ref=General
logger.spring.name=org.springframework
logger.spring.level=WARN
logger.xbean.name=org.apache.xbean
logger.xbean.level=WARN
logger.jetty.name=org.eclipse.jetty
logger.jetty.level=ERROR
logger.jolokia.name=org.jolokia
logger.jolokia.level=WARN
logger.audit.name=org.apache.activemq.audit
logger.audit.additivity=false
logger.audit.level=INFO
logger.audit.appenderRef.audit.ref=Audit
appender.general.type=Console
appender.general.name=General
appender.general.target=SYSTEM_ERR
appender.general.layout.type=PatternLayout
appender.general.layout.pattern=%d | %-5p | %m | %c | %t%n%throwable{full}
appender.audit.type=Console
appender.audit.name=Audit
appender.audit.target=SYSTEM_ERR
appender.audit.layout.type=PatternLayout
appender.audit.layout.pattern=${auditMark}%d | %-5p | %m | %t%n
`;

/** Reads one line. */
export function readLogLine(line: string): LogLine {
  if (line.startsWith(auditMark)) return { kind: 'audit', message: line.slice(auditMark.length) };
  return { kind: 'general', message: line, event: eventOf(line) };
}

/** Whether a line says that a broker serves: all its connectors are open. */
export function isStartOf(brokerName: string, line: string): boolean {
  return line.includes(` (${brokerName}, `) && / started \| /.test(line);
}

/** The port of a connector, if a line says that it is open. */
export function portOf(scheme: string, line: string): number | undefined {
  const [, uri = ''] = / \| Listening for connections at:? (\S+)/.exec(line) ?? [];
  return uri.startsWith(`${scheme}://`) ? Number(new URL(uri).port) : undefined;
}

/** Whether a line says that a broker has been shut down, which is the last thing that it says. */
export function isEndOf(brokerName: string, line: string): boolean {
  return line.includes(` (${brokerName}, `) && / is shutdown \| /.test(line);
}

/** What BrokerService logs once all its connectors are open, and SharedFileLocker while another broker has the store. */
function eventOf(line: string): LogLine['event'] {
  if (/ \| Apache ActiveMQ .* started \| /.test(line)) return 'active';
  if (line.includes('is now in slave mode waiting a lock to be acquired')) return 'standby';
  return undefined;
}
