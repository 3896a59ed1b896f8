import { hiveTimestamps, openXTimestamp, type TimestampReader } from './timestamp';

/** How JSON is understood: as one of Hive's SerDes (serializer and deserializer) does it. */
export interface SerDe {
  /** What a member is called, whatever is written. */
  readonly keyOf: (key: string) => string;
  /** What a column or a member of a struct is looked up by. */
  readonly lookUp: (name: string) => string;
  /** Whether members are looked up without regard to capital letters, although {@link keyOf} leaves them. */
  readonly foldsMembers: boolean;
  /**
   * Whether a value of another shape is made to fit: text as a number, one value as a list of one, a list as a struct by position, anything
   * as text.
   */
  readonly lenient: boolean;
  readonly timestamp: TimestampReader;
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_OpenXJsonSerDe.html */
export interface OpenXOptions {
  readonly CaseInsensitive?: boolean | undefined;
  readonly ColumnToJsonKeyMappings?: Readonly<Record<string, string>> | undefined;
  readonly ConvertDotsInJsonKeysToUnderscores?: boolean | undefined;
}

/** The OpenX SerDe. */
export function openXSerDe(options: OpenXOptions): SerDe {
  const {
    CaseInsensitive: folds = true,
    ColumnToJsonKeyMappings: mappings = {},
    ConvertDotsInJsonKeysToUnderscores: underscores = false,
  } = options;
  const keyOf = (key: string) => {
    const folded = folds ? key.toLowerCase() : key;
    return underscores ? folded.replaceAll('.', '_') : folded;
  };
  const renamed = new Map(Object.entries(mappings).map(([column, key]) => [keyOf(column), key]));
  return {
    keyOf,
    lookUp: (name) => keyOf(renamed.get(keyOf(name)) ?? name),
    foldsMembers: false,
    lenient: true,
    timestamp: openXTimestamp,
  };
}

/**
 * Hive's own SerDe: it keeps keys as they are written, and takes nothing that does not fit.
 *
 * @throws UnknownPatternError for a format that the emulator does not read
 */
export function hiveSerDe(timestampFormats: readonly string[] = []): SerDe {
  return {
    keyOf: (key) => key,
    lookUp: (name) => name.toLowerCase(),
    foldsMembers: true,
    lenient: false,
    timestamp: hiveTimestamps(timestampFormats),
  };
}
