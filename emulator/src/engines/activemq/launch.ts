import { join } from 'node:path';

/** Where a process of ActiveMQ finds and leaves what. */
export interface ActiveMqPlace {
  /** The directory of the installation. */
  readonly home: string;
  /** Its own directory, with `conf`, where `activemq.xml` is, `data` and `tmp`. */
  readonly directory: string;
}

/** Properties of the system with which ActiveMQ keeps an audit log. */
export const auditProperties = ['-Dorg.apache.activemq.audit=true'];

/**
 * What `java` is started with to run ActiveMQ.
 *
 * @param properties - more options of the JVM
 */
export function launchArguments(
  { directory, home }: ActiveMqPlace,
  properties: readonly string[] = [],
): string[] {
  const conf = join(directory, 'conf');
  return [
    // For a process that lives for minutes and shares the machine: a quick start and a small heap.
    '-Xms32m',
    '-Xmx256m',
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Djava.awt.headless=true',
    `-Djava.io.tmpdir=${join(directory, 'tmp')}`,
    `-Dactivemq.home=${home}`,
    `-Dactivemq.base=${directory}`,
    `-Dactivemq.conf=${conf}`,
    `-Dactivemq.data=${join(directory, 'data')}`,
    `-Dactivemq.classpath=${conf}:`,
    ...properties,
    '-jar',
    join(home, 'bin', 'activemq.jar'),
    'start',
    `xbean:file:${join(conf, 'activemq.xml')}`,
  ];
}
