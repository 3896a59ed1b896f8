import { spawn } from 'node:child_process';
import { UsageError } from './arguments';
import { emulatorVariables, meantForAws, type Variables, withoutAws } from './environment';

/**
 * Runs the CDK CLI of the project in the current directory against a running emulator.
 *
 * @param args - those of `cdk`
 * @param endpoint - where the emulator listens
 * @returns its exit code
 * @throws UsageError if something says that the real AWS is meant, if no emulator answers, or if there is no CDK CLI.
 */
export async function runCdk(
  args: readonly string[],
  endpoint: string,
  region: string,
  own: Variables,
): Promise<number> {
  const reason = meantForAws(own, args);
  if (reason !== undefined) throw new UsageError(reason);
  await requireEmulator(endpoint);
  const child = spawn(process.execPath, [findCdk(), ...args], {
    stdio: 'inherit',
    env: withoutAws(own, emulatorVariables(endpoint, region)),
  });
  // Ctrl+C reaches the child too: it decides when to end.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 1);
    });
  });
}

async function requireEmulator(endpoint: string): Promise<void> {
  const healthy = await fetch(`${endpoint}/_emulator/health`).then(
    (response) => response.ok,
    () => false,
  );
  if (!healthy) {
    throw new UsageError(
      `no emulator answers at ${endpoint}: start one with npx cdk-decouple-emulator, or name its port with --port before cdk`,
    );
  }
}

function findCdk(): string {
  try {
    return require.resolve('aws-cdk/bin/cdk', { paths: [process.cwd()] });
  } catch {
    throw new UsageError(
      'aws-cdk is not installed in this project: npm install --save-dev aws-cdk@2.1148.1 (3.0.0 was released by accident)',
    );
  }
}
