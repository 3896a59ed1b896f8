#!/usr/bin/env node
import { cliHelp, parseCliArguments, UsageError, version } from './cli/arguments';
import { runCdk } from './cli/cdk';
import { checkPath } from './cli/check';
import { emulatorVariables, exportLines } from './cli/environment';
import { Emulator } from './emulator';
import { installActiveMq } from './engines/activemq';
import { PortInUseError } from './gateway/gateway';

/** Exit code for a command line that cannot be carried out. */
const usageExitCode = 2;

async function main(args: readonly string[]): Promise<void> {
  const command = parseCliArguments(args);
  if (command.kind === 'help') {
    process.stdout.write(cliHelp);
    return;
  }
  if (command.kind === 'version') {
    process.stdout.write(`${version()}\n`);
    return;
  }
  if (command.kind === 'env') {
    process.stdout.write(exportLines(emulatorVariables(command.endpoint, command.region)));
    return;
  }
  if (command.kind === 'cdk') {
    const { args: cdkArguments, endpoint, region } = command;
    process.exitCode = await runCdk(cdkArguments, endpoint, region, process.env);
    return;
  }
  if (command.kind === 'check') {
    const { deployable, text } = await checkPath(command.path, command.options);
    process.stdout.write(text);
    process.exitCode = deployable ? 0 : 1;
    return;
  }
  if (command.kind === 'install-engine') {
    process.stdout.write(`${await installActiveMq(command.version)}\n`);
    return;
  }
  const aws = await Emulator.start(command.options);
  const endpoint = await aws.endpoint();
  process.stdout.write(`Listening on ${endpoint}\n`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal means that the first was too slow.
      if (stopping) process.exit(1);
      stopping = true;
      void aws.stop().then(() => process.exit(0));
    });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const expected =
    error instanceof UsageError ||
    error instanceof PortInUseError ||
    hasCode(error, 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN');
  const text =
    error instanceof Error
      ? expected
        ? error.message
        : (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`cdk-decouple-emulator: ${text}\n`);
  process.exit(expected ? usageExitCode : 1);
});

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
