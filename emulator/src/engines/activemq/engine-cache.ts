import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The environment variable that names another place for engines than the user's cache directory. */
export const cacheVariable = 'CDK_DECOUPLE_ENGINES';

/** Where `engines install` puts engines: `cdk-decouple-emulator/engines` in the user's cache directory. */
export function engineCache(): string {
  const { [cacheVariable]: named, XDG_CACHE_HOME } = process.env;
  if (named) return named;
  const cache =
    XDG_CACHE_HOME ??
    (process.platform === 'darwin'
      ? join(homedir(), 'Library', 'Caches')
      : join(homedir(), '.cache'));
  return join(cache, 'cdk-decouple-emulator', 'engines');
}

/** The directories of the ActiveMQ versions in the cache, the latest first. */
export function cachedActiveMqHomes(): string[] {
  const cache = engineCache();
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((name) => /^apache-activemq-\d+\.\d+\.\d+$/.test(name))
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((name) => join(cache, name));
}
