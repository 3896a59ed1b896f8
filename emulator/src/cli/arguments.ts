import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isLocalUrl } from '../network/loopback';
import { checkOptions, type EmulatorOptions, parseClock } from '../options';

/** What the command line asks for. */
export type CliCommand =
  | { readonly kind: 'start'; readonly options: EmulatorOptions }
  | { readonly kind: 'env'; readonly endpoint: string; readonly region: string }
  | {
      readonly kind: 'cdk';
      readonly endpoint: string;
      readonly region: string;
      /** What the CDK CLI is told. */
      readonly args: readonly string[];
    }
  | {
      readonly kind: 'check';
      /** Of a template or a cloud assembly. */
      readonly path: string;
      readonly options: Pick<EmulatorOptions, 'allowRecorded'>;
    }
  | {
      readonly kind: 'install-engine';
      readonly engine: 'activemq';
      /** @default - the one that the emulator is tested with */
      readonly version?: string;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

/** The command line is wrong; the message says how, in one line. */
export class UsageError extends Error {}

/** The port that AWS emulators listen on by custom. */
const defaultPort = 4566;

export const cliHelp = `A local AWS for tests: queues, functions, databases and CloudFormation in one process.

Usage: cdk-decouple-emulator [options]                   start
       cdk-decouple-emulator [--port N] env              print the variables that lead there, for eval
       cdk-decouple-emulator [--port N] cdk ARGUMENTS    run the project's own cdk against it, and never against AWS
       cdk-decouple-emulator check TEMPLATE|cdk.out      say what of it is emulated, recorded, unsupported
       cdk-decouple-emulator engines install activemq[@VERSION]
                                                         fetch ActiveMQ with Maven, for brokers of Amazon MQ

  --port N             port to listen on, 0 for a free one (default ${defaultPort})
  --host ADDRESS       address to listen on (default 127.0.0.1; anything else lets others run code here)
  --clock CLOCK        system, manual, or xN for N times real time (default system)
  --seed N             seed of names, ids and faults (default 1)
  --region REGION      region of stacks that name none (default us-east-1)
  --journal-size N     hops of messages kept for /_emulator/journal (default 100000)
  --allow-recorded[=TYPE[,TYPE]]
                       record resource types that are not emulated, all or these (AWS::DynamoDB::*)
  --firehose-endpoint ADDRESS=URL|capture
                       where deliveries of Firehose to a host, the beginning of a URL, a domain or * go instead;
                       can be given more than once
  --secure-transport tls
                       only calls over TLS count as encrypted where policies ask (default loopback: all do)
  --active-mq DIR      the ActiveMQ for brokers (default: ACTIVEMQ_HOME, engines install, the system's)
  --failover PROFILE   fast or realistic: how soon a standby broker takes over (default fast)
  --storage DIR        keep messages of brokers and files of EFS there for a later run (default: nowhere)
  --print-logs         also print what functions log
  --version            print the version
  --help               print this text

Prints "Listening on http://127.0.0.1:N" once it answers. Any credentials will do: a 12-digit access key id is
the administrator of that account, any other that of 000000000000.
`;

/** The version of this package. */
export function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(__dirname, '../../package.json'), 'utf8'),
  );
  return manifest.version;
}

/**
 * Reads the command line.
 *
 * @throws UsageError with one line that says what is wrong.
 */
export function parseCliArguments(args: readonly string[]): CliCommand {
  // What follows `cdk` is the CDK CLI's own.
  const cdk = args.indexOf('cdk');
  const { values, positionals } = parse(cdk < 0 ? args : args.slice(0, cdk + 1));
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const clock = parseClock(values.clock ?? 'system');
  if (!clock) {
    throw new UsageError(`--clock takes system, manual or xN such as x60, got ${values.clock}`);
  }
  if (values.region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(values.region)) {
    throw new UsageError(`--region takes a region such as eu-west-1, got ${values.region}`);
  }
  const port = wholeNumber('--port', values.port ?? String(defaultPort), 65_535);
  const [command, ...others] = positionals;
  const allowRecorded = allowedTypes(values['allow-recorded']);
  if (command === 'check') {
    const [path, ...rest] = others;
    if (path === undefined || rest.length > 0) {
      throw new UsageError('check takes one path: that of a template or of cdk.out');
    }
    return { kind: 'check', path, options: { allowRecorded } };
  }
  if (command === 'engines') return engineInstallation(others);
  if (command !== undefined) {
    if ((command !== 'env' && command !== 'cdk') || others.length > 0) {
      throw new UsageError(`there is no command ${positionals.join(' ')}; --help lists them`);
    }
    const target = {
      endpoint: `http://127.0.0.1:${port}`,
      region: values.region ?? 'us-east-1',
    };
    return command === 'env'
      ? { kind: 'env', ...target }
      : { kind: 'cdk', ...target, args: args.slice(cdk + 1) };
  }
  return {
    kind: 'start',
    options: {
      port,
      host: values.host,
      keepAlive: true,
      clock,
      seed: wholeNumber('--seed', values.seed ?? '1', Number.MAX_SAFE_INTEGER),
      region: values.region,
      journalSize: wholeNumber('--journal-size', values['journal-size'] ?? '100000', 10_000_000),
      brokers: {
        activeMqHome: values['active-mq'],
        failover: failoverProfile(values.failover),
      },
      storageDirectory: values.storage,
      firehoseEndpoints: endpoints(values['firehose-endpoint'] ?? []),
      printFunctionLogs: values['print-logs'] ?? false,
      secureTransport: secureTransport(values['secure-transport']),
      allowRecorded,
      printAllowed: true,
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      // parseArgs has no options whose value may be left out.
      args: args.map((arg) => (arg === '--allow-recorded' ? `${arg}=*` : arg)),
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        clock: { type: 'string' },
        seed: { type: 'string' },
        region: { type: 'string' },
        'journal-size': { type: 'string' },
        'active-mq': { type: 'string' },
        failover: { type: 'string' },
        storage: { type: 'string' },
        'print-logs': { type: 'boolean' },
        'firehose-endpoint': { type: 'string', multiple: true },
        'secure-transport': { type: 'string' },
        'allow-recorded': { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    const [reason = 'wrong arguments'] = String(error)
      .replace(/^TypeError[^:]*: /, '')
      .split(/\. |\.?\n/);
    throw new UsageError(`${reason}; --help lists the options`);
  }
}

function allowedTypes(text: string | undefined): string[] | undefined {
  const allowRecorded = text?.split(',');
  try {
    checkOptions({ allowRecorded });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  return allowRecorded;
}

/** What follows the last equals sign is where it goes: an address may hold some. */
function endpoints(given: readonly string[]): Record<string, string> {
  const entries = given.map((text) => {
    const [, address, to = ''] = /^(.+)=([^=]+)$/.exec(text) ?? [];
    if (address === undefined || (to !== 'capture' && !isLocalUrl(to)))
      throw new UsageError(
        `--firehose-endpoint takes ADDRESS=capture or ADDRESS=URL of a server on this machine, got ${text}`,
      );
    return [address, to];
  });
  return Object.fromEntries(entries);
}

function engineInstallation([action, engine = '', ...rest]: readonly string[]): CliCommand {
  const [name, version, ...more] = engine.split('@');
  if (action !== 'install' || name !== 'activemq' || rest.length > 0 || more.length > 0)
    throw new UsageError('engines takes: install activemq, or install activemq@VERSION');
  return { kind: 'install-engine', engine: name, version };
}

function failoverProfile(text: string | undefined): 'fast' | 'realistic' | undefined {
  if (text === undefined || text === 'fast' || text === 'realistic') return text;
  throw new UsageError(`--failover takes fast or realistic, got ${text}`);
}

function secureTransport(text: string | undefined): 'loopback' | 'tls' {
  if (text === undefined || text === 'loopback') return 'loopback';
  if (text === 'tls') return text;
  throw new UsageError(`--secure-transport takes loopback or tls, got ${text}`);
}

function wholeNumber(flag: string, text: string, largest: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > largest) {
    throw new UsageError(`${flag} takes a whole number from 0 to ${largest}, got ${text}`);
  }
  return value;
}
