import { NotImplementedError } from '../../../protocol/errors';
import { acceptOnly } from '../../accepted-parameters';
import type { ProcessingConfiguration, Processor } from '../api';
import { invalidArgument } from '../errors';

/** A function that records are given to. */
export interface TransformationSettings {
  readonly functionArn: string;
  /** As which it is called. @default - the role of the destination */
  readonly roleArn: string | undefined;
  /** Calls after the first. */
  readonly retries: number;
  readonly bufferBytes: number;
  readonly bufferMilliseconds: number;
}

/** How records are taken apart that hold several. */
export type DeaggregationSettings =
  | { readonly kind: 'json' }
  | { readonly kind: 'delimited'; readonly delimiter: Uint8Array };

/** What is done with records before they are delivered, in this order. */
export interface ProcessingSettings {
  /** Roles that it acts as, besides that of the destination. */
  readonly roleArns: readonly string[];
  /** Whether records are unpacked, as CloudWatch Logs packs them. */
  readonly decompress: boolean;
  /** Whether only the messages are taken out of records of CloudWatch Logs. */
  readonly extractMessages: boolean;
  readonly deaggregation: DeaggregationSettings | undefined;
  readonly transformation: TransformationSettings | undefined;
  /** Finds partition keys: a query of JQ. */
  readonly metadataQuery: string | undefined;
  /** What each record ends with. */
  readonly delimiter: Uint8Array | undefined;
}

const mebibyte = 1024 * 1024;
/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessingConfiguration.html */
const maximumProcessors = 5;
const defaultRetries = 3;
const defaultBufferMebibytes = 1;
const defaultBufferSeconds = 60;

/** The parameters that each processor takes. https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html */
const parametersOf: Readonly<Record<string, readonly string[]>> = {
  AppendDelimiterToRecord: ['Delimiter'],
  CloudWatchLogProcessing: ['DataMessageExtraction'],
  Decompression: ['CompressionFormat'],
  Lambda: ['BufferIntervalInSeconds', 'BufferSizeInMBs', 'LambdaArn', 'NumberOfRetries', 'RoleArn'],
  MetadataExtraction: ['JsonParsingEngine', 'MetadataExtractionQuery'],
  RecordDeAggregation: ['Delimiter', 'SubRecordType'],
};

/**
 * Reads what a request says of the processing.
 *
 * @returns undefined if nothing is to be done
 * @throws ServiceError InvalidArgumentException, NotImplemented
 */
export function processingSettings(
  configuration: ProcessingConfiguration | undefined,
): ProcessingSettings | undefined {
  if (configuration === undefined) return undefined;
  acceptOnly('ProcessingConfiguration', configuration, ['Enabled', 'Processors']);
  const { Enabled: enabled, Processors: processors = [] } = configuration;
  if (processors.length > maximumProcessors)
    throw invalidArgument(`The number of processors must not exceed ${maximumProcessors}.`);
  const byType = new Map<string, Parameters>();
  for (const processor of processors) {
    if (byType.has(processor.Type))
      throw invalidArgument(`Only one processor of type ${processor.Type} is supported.`);
    byType.set(processor.Type, new Parameters(processor));
  }
  const settings = settingsOf(byType);
  return enabled === true && processors.length > 0 ? settings : undefined;
}

function settingsOf(byType: ReadonlyMap<string, Parameters>): ProcessingSettings {
  const lambda = byType.get('Lambda');
  const metadata = byType.get('MetadataExtraction');
  const extraction = byType.get('CloudWatchLogProcessing');
  const decompression = byType.get('Decompression');
  const appended = byType.get('AppendDelimiterToRecord');
  const deaggregation = byType.get('RecordDeAggregation');
  const roleArn = lambda?.text('RoleArn');
  const compression = decompression?.text('CompressionFormat') ?? 'GZIP';
  if (compression !== 'GZIP')
    throw invalidArgument(`CompressionFormat ${compression} is not supported by Decompression.`);
  const extractMessages = extraction?.flag('DataMessageExtraction') ?? false;
  if (extractMessages && !decompression)
    throw invalidArgument('DataMessageExtraction requires the Decompression processor.');
  const engine = metadata?.required('JsonParsingEngine') ?? 'JQ-1.6';
  if (engine !== 'JQ-1.6') throw invalidArgument(`JsonParsingEngine ${engine} is not supported.`);
  return {
    roleArns: roleArn === undefined ? [] : [roleArn],
    decompress: decompression !== undefined,
    extractMessages,
    deaggregation: deaggregation && deaggregationOf(deaggregation),
    transformation: lambda && transformationOf(lambda),
    metadataQuery: metadata?.required('MetadataExtractionQuery'),
    delimiter: appended && Buffer.from(unescaped(appended.text('Delimiter') ?? '\\n')),
  };
}

function transformationOf(lambda: Parameters): TransformationSettings {
  return {
    functionArn: lambda.required('LambdaArn'),
    roleArn: lambda.text('RoleArn'),
    retries: lambda.number('NumberOfRetries', 0, 300) ?? defaultRetries,
    bufferBytes: (lambda.number('BufferSizeInMBs', 0.2, 3) ?? defaultBufferMebibytes) * mebibyte,
    bufferMilliseconds:
      (lambda.number('BufferIntervalInSeconds', 0, 900) ?? defaultBufferSeconds) * 1000,
  };
}

function deaggregationOf(parameters: Parameters): DeaggregationSettings {
  const kind = parameters.required('SubRecordType');
  if (kind === 'JSON') return { kind: 'json' };
  if (kind !== 'DELIMITED') throw invalidArgument(`SubRecordType ${kind} is not supported.`);
  const text = parameters.required('Delimiter');
  const delimiter = Buffer.from(text, 'base64');
  if (delimiter.length === 0 || delimiter.toString('base64') !== text)
    throw invalidArgument('Delimiter must be base64 encoded.');
  return { kind: 'delimited', delimiter };
}

/** A delimiter is written as in source code: `\n` for a line break. */
function unescaped(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
  return text.replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole);
}

/** The parameters of a processor. */
class Parameters {
  private readonly type: string;
  private readonly values = new Map<string, string>();

  /** @throws ServiceError InvalidArgumentException, NotImplemented for a processor that the emulator does not have */
  constructor({ Type: type, Parameters: parameters = [] }: Processor) {
    this.type = type;
    const known = parametersOf[type];
    if (!known) throw new NotImplementedError(`the processor ${type}`);
    for (const { ParameterName: name, ParameterValue: value } of parameters) {
      if (!known.includes(name))
        throw invalidArgument(`Parameter ${name} is not supported by processor ${type}.`);
      this.values.set(name, value);
    }
  }

  text(name: string): string | undefined {
    return this.values.get(name);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '')
      throw invalidArgument(`Parameter ${name} must be specified for processor ${this.type}.`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase();
    if (value !== undefined && value !== 'true' && value !== 'false')
      throw invalidArgument(`Parameter ${name} of processor ${this.type} must be true or false.`);
    return value === undefined ? undefined : value === 'true';
  }

  number(name: string, minimum: number, maximum: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !(value >= minimum && value <= maximum))
      throw invalidArgument(
        `Parameter ${name} of processor ${this.type} must be between ${minimum} and ${maximum}.`,
      );
    return value;
  }
}
