import { ServiceError } from '../../protocol/errors';

/** The runtimes that Lambda offers for Node.js. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const nodeRuntimes = ['nodejs18.x', 'nodejs20.x', 'nodejs22.x', 'nodejs24.x'];

/** Why a runtime is not there; undefined if it is. */
export function unsupportedRuntime(runtime: string | undefined): string | undefined {
  if (runtime === undefined || nodeRuntimes.includes(runtime)) return undefined;
  return `runtime ${runtime}: only ${nodeRuntimes.join(', ')} are emulated`;
}

/** The major version of Node.js that a runtime names. */
export function nodeMajor(runtime: string): number {
  const [, major] = /^nodejs(\d+)\.x$/.exec(runtime) ?? [];
  if (major === undefined)
    throw new ServiceError(
      'InvalidParameterValueException',
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${nodeRuntimes.join(', ')}] or be a valid ARN`,
    );
  return Number(major);
}

/** Tells once for each runtime that functions run on the host's Node.js instead. */
export class RuntimeNotice {
  private readonly told = new Set<string>();

  constructor(private readonly print: (line: string) => void) {}

  tell(runtime: string): void {
    const host = process.versions.node.split('.')[0] ?? '';
    if (String(nodeMajor(runtime)) === host || this.told.has(runtime)) return;
    this.told.add(runtime);
    this.print(`Functions for ${runtime} run on Node.js ${host}, the version of this process.`);
  }
}
