import path from 'node:path';
import type { Clock } from '../../../clock/clock';
import { simultaneous } from '../../../clock/real-time';
import type { Mount } from '../../../user-code/mounts/mounted-paths';
import { builtFile } from '../../built-file';
import type { Instance } from '../instances/instance';
import type { WorkerDescriptor } from './worker-descriptor';

/** What a program on an instance has around it. */
export interface MachinePlace {
  /** URL of the emulator. */
  readonly endpoint: string;
  /** URL of the instance's own metadata service. */
  readonly metadata: string;
  /** Where the program is. */
  readonly directory: string;
  readonly temporary: string;
  /** PEM file. */
  readonly certificateAuthorityFile: string;
  /** On 127.0.0.1, kept free for the program. */
  readonly port: number;
  readonly mounts: readonly Mount[];
}

/**
 * The environment of a program on an instance: that of its descriptor, and what leads it to the emulator instead of
 * AWS. Nothing of the host's comes through but PATH. Credentials come from the metadata service.
 */
export function machineEnvironment(
  instance: Instance,
  descriptor: WorkerDescriptor,
  place: MachinePlace,
  clock: Clock,
): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin' } = process.env;
  const { mounts } = place;
  const preloads = [
    ...(clock.kind === 'accelerated' ? ['process-clock'] : []),
    ...(mounts.length > 0 ? ['process-mounts'] : []),
  ];
  return {
    // `node` is the one that the emulator runs on.
    PATH: `${path.dirname(process.execPath)}:${PATH}`,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    // There is no ~/.aws in it.
    HOME: place.temporary,
    TMPDIR: place.temporary,
    AWS_REGION: instance.region,
    AWS_DEFAULT_REGION: instance.region,
    ...descriptor.env,
    AWS_ENDPOINT_URL: place.endpoint,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: place.metadata,
    AWS_CA_BUNDLE: place.certificateAuthorityFile,
    NODE_EXTRA_CA_CERTS: place.certificateAuthorityFile,
    PORT: String(place.port),
    ...(clock.kind === 'accelerated' && acceleration(clock)),
    // For programs in other languages, too: `directory` is where the files are.
    ...(mounts.length > 0 && { EMULATOR_MOUNTS: JSON.stringify(mounts) }),
    ...(preloads.length > 0 && {
      NODE_OPTIONS: nodeOptions(descriptor.env.NODE_OPTIONS, preloads),
    }),
  };
}

/** For programs in other languages the rate is there to be read; those of Node.js follow it by themselves. */
function acceleration(clock: Clock): NodeJS.ProcessEnv {
  const { real, emulated } = simultaneous(clock);
  return {
    EMULATOR_CLOCK_RATE: String(clock.rate),
    EMULATOR_CLOCK_ORIGIN: `${real}/${emulated}`,
  };
}

function nodeOptions(own: string | undefined, preloads: readonly string[]): string {
  const required = preloads.map(
    (name) => `--require ${JSON.stringify(builtFile(__dirname, `../../../user-code/${name}`))}`,
  );
  return [...(own === undefined ? [] : [own]), ...required].join(' ');
}
