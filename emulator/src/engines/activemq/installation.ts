import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cachedActiveMqHomes } from './engine-cache';
import { findJava, type JavaRuntime } from './java';

/** An ActiveMQ that runs here. */
export interface ActiveMqInstallation {
  /** The directory with `bin/activemq.jar` and `lib`. */
  readonly home: string;
  /** Such as `5.18.3`. */
  readonly version: string;
  readonly java: JavaRuntime;
}

/** The environment variable that names the installation to use before all others that are found. */
export const homeVariable = 'ACTIVEMQ_HOME';

/** What each protocol of Amazon MQ needs; distribution packages leave some of it out. */
const protocolModules: readonly (readonly [protocol: string, jar: RegExp])[] = [
  ['AMQP', /^activemq-amqp-\d/],
  ['MQTT', /^activemq-mqtt-\d/],
  ['MQTT', /^mqtt-client-\d/],
  ['STOMP', /^activemq-stomp-\d/],
  ['WSS', /^activemq-http-\d/],
  ['metrics', /^jolokia-core-\d/],
];

/**
 * Finds an ActiveMQ: at the path that is given, else where {@link homeVariable} says, else the latest in the engine
 * cache, else one that is installed on the system.
 *
 * @param home - an installation to use, and no other
 * @throws Error saying why each candidate did not do, and what to do about it.
 */
export async function findActiveMq(home?: string): Promise<ActiveMqInstallation> {
  const named = home ?? process.env[homeVariable];
  const candidates = named ? [named] : [...cachedActiveMqHomes(), ...systemHomes()];
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      return await examine(candidate);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (candidates.length === 0)
    reasons.push('no ActiveMQ in the engine cache or where packages put it');
  throw new Error(
    'No ActiveMQ found to run brokers with. Install one with `npx cdk-decouple-emulator engines install activemq` (it ' +
      `needs Java 11 or later and Maven), or name the directory of one in ${homeVariable}. Tried:\n` +
      reasons.map((reason) => `  - ${reason}`).join('\n'),
  );
}

async function examine(home: string): Promise<ActiveMqInstallation> {
  if (!existsSync(join(home, 'bin', 'activemq.jar')))
    throw new Error(`${home} has no bin/activemq.jar`);
  const jars = jarsIn(join(home, 'lib'));
  const version = jars
    .map((jar) => /^activemq-broker-(\d+\.\d+\.\d+)/.exec(jar)?.[1])
    .find((found) => found !== undefined);
  if (version === undefined) throw new Error(`${home}/lib has no activemq-broker`);
  const missing = protocolModules.filter(([, jar]) => !jars.some((name) => jar.test(name)));
  if (missing.length > 0) {
    const names = [...new Set(missing.map(([protocol]) => protocol))].join(', ');
    throw new Error(`${home} (ActiveMQ ${version}) lacks what it takes for ${names}`);
  }
  const major = Number(version.split('.')[0]);
  return { home, version, java: await findJava(major >= 6 ? 17 : 11) };
}

/** Names of the jars of an installation: those that its launcher puts on the class path. */
function jarsIn(lib: string): string[] {
  return ['.', 'optional', 'web', 'extra']
    .map((folder) => join(lib, folder))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder));
}

function systemHomes(): string[] {
  return [
    '/opt/activemq',
    '/usr/local/activemq',
    '/opt/homebrew/opt/activemq/libexec',
    '/usr/local/opt/activemq/libexec',
    '/usr/share/activemq',
  ].filter(existsSync);
}
