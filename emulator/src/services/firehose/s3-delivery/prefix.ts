import type { RandomStream } from '../../../random/random';
import { invalidArgument } from '../errors';
import type { PartitionKeys } from '../record';
import { DatePattern } from './date-pattern';

/** Why records are in the error output. */
export type ErrorOutputType =
  | 'AmazonOpenSearchService-failed'
  | 'format-conversion-failed'
  | 'http-endpoint-failed'
  | 'processing-failed'
  | 'splunk-failed';

/** What a prefix is evaluated with. */
export interface PrefixValues {
  /** Arrival of the oldest record in the object: emulated milliseconds since the epoch. */
  readonly time: number;
  readonly timeZone: string;
  readonly random: Pick<RandomStream, 'uuid'>;
  readonly partitionKeys?: PartitionKeys | undefined;
  readonly errorOutputType?: ErrorOutputType;
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'time'; readonly pattern: DatePattern }
  | { readonly kind: 'random' | 'error' }
  | { readonly kind: 'query' | 'lambda'; readonly key: string };

/** All are of one length. */
const anyRandom = { uuid: () => '00000000-0000-0000-0000-000000000000' };

const defaultTime = new DatePattern('yyyy/MM/dd/HH/');

/** Characters of a prefix, evaluated. https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html */
const longest = 512;

/**
 * A prefix of objects' keys, in which expressions of the form `!{namespace:value}` are evaluated for each object. One without a
 * timestamp gets year, month, day and hour at its end.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export class PrefixExpression {
  private readonly pieces: readonly Piece[];

  /** @throws ServiceError InvalidArgumentException, NotImplemented */
  constructor(
    readonly text: string,
    private readonly member: 'ErrorOutputPrefix' | 'Prefix',
  ) {
    this.pieces = piecesOf(text, member);
  }

  get hasExpressions(): boolean {
    return this.pieces.some(({ kind }) => kind !== 'text');
  }

  get namesErrorType(): boolean {
    return this.pieces.some(({ kind }) => kind === 'error');
  }

  /** Names of the partition keys that it uses. */
  keysOf(namespace: 'lambda' | 'query'): string[] {
    return this.pieces.flatMap((piece) =>
      piece.kind === namespace && 'key' in piece ? [piece.key] : [],
    );
  }

  /**
   * The part of keys that comes before the object's name. A partition key that is missing is empty: such records have been sorted out.
   */
  evaluate(values: PrefixValues): string {
    const { time, timeZone, random, errorOutputType = '' } = values;
    const evaluated = this.pieces.map((piece) => {
      switch (piece.kind) {
        case 'text':
          return piece.text;
        case 'time':
          return piece.pattern.format(time, timeZone);
        case 'random':
          return randomString(random);
        case 'error':
          return errorOutputType;
        default:
          return values.partitionKeys?.[piece.kind][piece.key] ?? '';
      }
    });
    const timed = this.pieces.some(({ kind }) => kind === 'time');
    // A failure's prefix that says nothing of the failure is given its type and the time.
    if (this.member === 'ErrorOutputPrefix' && !this.hasExpressions)
      evaluated.push(`${errorOutputType}/`);
    // Partition keys and a prefix of failures with expressions stand for themselves.
    if (!timed && (this.member === 'Prefix' ? !this.partitioned : !this.hasExpressions))
      evaluated.push(defaultTime.format(time, timeZone));
    return evaluated.join('');
  }

  /**
   * Checks that the prefix is not too long once it is evaluated.
   *
   * @throws ServiceError InvalidArgumentException
   */
  check(values: Omit<PrefixValues, 'random'>): void {
    if (this.evaluate({ ...values, random: anyRandom }).length > longest)
      throw invalidArgument(
        `${this.member} must not be longer than ${longest} characters after it is evaluated.`,
      );
  }

  private get partitioned(): boolean {
    return this.pieces.some(({ kind }) => kind === 'query' || kind === 'lambda');
  }
}

/** 11 characters of a UUID, as in AWS's examples: `046b6c7f-0b`. */
function randomString(random: PrefixValues['random']): string {
  return random.uuid().slice(0, 11);
}

function piecesOf(text: string, member: string): Piece[] {
  const pieces: Piece[] = [];
  const expression = /!\{([^{}]*)\}/g;
  let end = 0;
  const addText = (until: number) => {
    const between = text.slice(end, until);
    if (between.includes('!{'))
      throw invalidArgument(`${member} contains an incomplete expression: ${between}`);
    if (between !== '') pieces.push({ kind: 'text', text: between });
  };
  for (const match of text.matchAll(expression)) {
    addText(match.index);
    end = match.index + match[0].length;
    pieces.push(expressionPiece(match[1] ?? '', member));
  }
  addText(text.length);
  return pieces;
}

function expressionPiece(content: string, member: string): Piece {
  const colon = content.indexOf(':');
  const namespace = colon < 0 ? content : content.slice(0, colon);
  const value = colon < 0 ? '' : content.slice(colon + 1);
  switch (namespace) {
    case 'timestamp':
      if (value === '') break;
      return { kind: 'time', pattern: new DatePattern(value) };
    case 'firehose':
      if (value === 'random-string') return { kind: 'random' };
      if (value === 'error-output-type') {
        if (member === 'ErrorOutputPrefix') return { kind: 'error' };
        throw invalidArgument(`Prefix cannot contain !{firehose:error-output-type}`);
      }
      break;
    case 'partitionKeyFromQuery':
    case 'partitionKeyFromLambda': {
      if (value === '') break;
      if (member === 'ErrorOutputPrefix')
        throw invalidArgument(`ErrorOutputPrefix cannot contain !{${content}}`);
      return { kind: namespace === 'partitionKeyFromQuery' ? 'query' : 'lambda', key: value };
    }
  }
  throw invalidArgument(`${member} contains an invalid expression: !{${content}}`);
}
