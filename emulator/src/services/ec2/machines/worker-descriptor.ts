/** What an instance runs: a JSON document inside its user data, which the boot script reads on AWS. */
export interface WorkerDescriptor {
  /** A zip file with the program. */
  readonly asset: { readonly bucket: string; readonly key: string };
  /** Run in the directory of the unpacked program. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to end before it is killed. @default 90, as systemd has it */
  readonly stopSeconds: number;
  /** The log group that has what it prints. @default - it is on the console alone */
  readonly logGroup: string | undefined;
  /** A directory of an EFS file system that the program finds at a path. @default - none */
  readonly fileSystem: MountedAccessPoint | undefined;
}

/** An access point, and where it is mounted. */
export interface MountedAccessPoint {
  /** ARN. */
  readonly accessPoint: string;
  /** Absolute, such as `/mnt/orders`. */
  readonly path: string;
}

/** Ends a here-document of a shell script; the lines before it are the descriptor. */
const marker = 'CDK_DECOUPLE_WORKER_V1';

const document = new RegExp(`<<'?${marker}'?[^\\n]*\\n([\\s\\S]*?)\\n${marker}(?:\\n|$)`);

/**
 * Finds the descriptor in user data: a quoted here-document that the marker `CDK_DECOUPLE_WORKER_V1` ends.
 *
 * @param userData - in base 64
 * @returns undefined without the marker
 * @throws Error saying what is wrong with a descriptor.
 */
export function workerDescriptor(userData: string | undefined): WorkerDescriptor | undefined {
  if (userData === undefined) return undefined;
  const [, text] = document.exec(Buffer.from(userData, 'base64').toString('utf8')) ?? [];
  return text === undefined ? undefined : parsed(text);
}

function parsed(text: string): WorkerDescriptor {
  const value: unknown = JSON.parse(text);
  const {
    version,
    asset,
    command,
    env = {},
    stopSeconds = 90,
    logGroup,
    fileSystem,
  } = members(value, 'it');
  if (version !== 1) throw wrong('version', 'must be 1', version);
  const { bucket, key } = members(asset, 'asset');
  if (typeof bucket !== 'string' || typeof key !== 'string')
    throw wrong('asset', 'must name a bucket and a key', asset);
  if (!isStrings(command) || command.length === 0)
    throw wrong('command', 'must be a list of strings', command);
  const variables = Object.entries(members(env, 'env')).map(([name, one]): [string, string] => {
    if (typeof one !== 'string') throw wrong(`env.${name}`, 'must be a string', one);
    return [name, one];
  });
  if (typeof stopSeconds !== 'number' || !(stopSeconds >= 0))
    throw wrong('stopSeconds', 'must be a number of seconds', stopSeconds);
  if (logGroup !== undefined && typeof logGroup !== 'string')
    throw wrong('logGroup', 'must be the name of a log group', logGroup);
  return {
    asset: { bucket, key },
    command,
    env: Object.fromEntries(variables),
    stopSeconds,
    logGroup,
    fileSystem: fileSystem === undefined ? undefined : mountedAccessPoint(fileSystem),
  };
}

function mountedAccessPoint(value: unknown): MountedAccessPoint {
  const { accessPoint, path } = members(value, 'fileSystem');
  if (typeof accessPoint !== 'string' || typeof path !== 'string' || !path.startsWith('/'))
    throw wrong('fileSystem', 'must name the ARN of an accessPoint and an absolute path', value);
  return { accessPoint, path };
}

function members(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(name, 'must be an object', value);
  return Object.fromEntries(Object.entries(value));
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function wrong(name: string, rule: string, value: unknown): Error {
  return new Error(`worker descriptor: ${name} ${rule}, got ${JSON.stringify(value)}`);
}
