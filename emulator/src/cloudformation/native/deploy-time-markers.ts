import type { TemplateValue } from '../provider';
import { isObject } from '../values';
import { pythonJson } from './python-text';

/** How the values of markers are written: `SourceMarkersConfig` of one source. */
export interface MarkerEncoding {
  /** Whether values stand inside strings of JSON. @default false */
  readonly jsonEscape: boolean;
  /** By marker; the rest is written as `jsonEscape` says. */
  readonly byMarker: Readonly<Record<string, string>>;
}

/** Words that are not text in YAML unless they are quoted. */
const yamlWords = ['y', 'n', 'yes', 'no', 'true', 'false', 'on', 'off', 'null'];

/**
 * Puts values known only at deployment into a file, in place of the markers that aws-cdk-lib has left
 * there for them.
 *
 * @param values - by marker
 * @throws Error in the handler's words for values that their encoding does not take
 */
export function replaceMarkers(
  content: Uint8Array,
  values: Readonly<Record<string, TemplateValue>>,
  encoding: MarkerEncoding,
): Uint8Array {
  const markers = Object.entries(values);
  if (markers.length === 0) return content;
  // One character a byte, so that files of any kind come through.
  let text = Buffer.from(content).toString('latin1');
  for (const [marker, value] of markers) {
    const replacement = bytesOf(encode(marker, value, encoding));
    text = text.replaceAll(bytesOf(marker), () => replacement);
  }
  return Buffer.from(text, 'latin1');
}

/** The configuration of one source as the custom resource has it. */
export function markerEncoding(config: TemplateValue | undefined): MarkerEncoding {
  const { jsonEscape, markerEncodings }: Readonly<Record<string, TemplateValue>> = isObject(config)
    ? config
    : {};
  return {
    jsonEscape: String(jsonEscape ?? 'false').toLowerCase() === 'true',
    byMarker: isObject(markerEncodings)
      ? Object.fromEntries(Object.entries(markerEncodings).map(([key, one]) => [key, String(one)]))
      : {},
  };
}

function encode(
  marker: string,
  value: TemplateValue,
  { byMarker, jsonEscape }: MarkerEncoding,
): string {
  const encoding = byMarker[marker] ?? (jsonEscape ? 'UNQUOTED_JSON_VALUE' : 'LITERAL');
  const json = pythonJson(value);
  switch (encoding) {
    case 'LITERAL':
      return textOf(marker, value, encoding);
    case 'UNQUOTED_JSON_VALUE':
      return typeof value === 'string' ? json.slice(1, -1) : json;
    case 'JSON_VALUE':
      return json;
    case 'YAML_STRING': {
      const text = textOf(marker, value, encoding);
      const plain = /^[A-Za-z][A-Za-z0-9._-]*$/.test(text);
      return plain && !yamlWords.includes(text.toLowerCase()) ? text : json;
    }
    default:
      throw new Error(`Unknown marker encoding: ${encoding}`);
  }
}

function textOf(marker: string, value: TemplateValue, encoding: string): string {
  if (typeof value === 'string') return value;
  throw new Error(
    `Expected a string for ${encoding} encoding for marker ${marker}, got ${Array.isArray(value) ? 'list' : 'dict'}`,
  );
}

function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
