import type { CollectionTag, ScalarTag } from 'yaml';
import type { TemplateValue } from './provider';
import { templateFormatError } from './template-errors';

/** Parses a template's text, JSON or YAML; YAML's short tags (`!Ref`) become their long forms. */
export function parseTemplateText(text: string): TemplateValue {
  const json = text.trimStart().startsWith('{');
  try {
    return json ? (JSON.parse(text) as TemplateValue) : parseYaml(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw templateFormatError(`${json ? 'JSON' : 'YAML'} not well-formed. ${reason}`);
  }
}

/** Functions with a short tag in YAML; `!Ref` and `!Condition` are their own long form. */
const taggedFunctions = [
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'GetAZs',
  'GetAtt',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
];

function parseYaml(text: string): TemplateValue {
  // The parser is loaded only when a template needs it: most are JSON, and start-up time counts.
  const yaml = require('yaml') as typeof import('yaml');
  const functions = [
    ...taggedFunctions.map((name) => [`!${name}`, `Fn::${name}`] as const),
    ['!Ref', 'Ref'] as const,
    ['!Condition', 'Condition'] as const,
  ];
  const scalarTags = functions.map(
    ([tag, name]): ScalarTag => ({
      tag,
      resolve: (scalar) => ({ [name]: tag === '!GetAtt' ? splitAttribute(scalar) : scalar }),
    }),
  );
  const collectionTags = functions.flatMap(([tag, name]) =>
    (['seq', 'map'] as const).map(
      (collection): CollectionTag => ({
        tag,
        collection,
        resolve: (node) => {
          const call = new yaml.YAMLMap();
          call.items.push(new yaml.Pair(name, node));
          return call;
        },
      }),
    ),
  );
  const document = yaml.parseDocument(text, {
    customTags: [...scalarTags, ...collectionTags],
    merge: false,
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw problem;
  return document.toJS() as TemplateValue;
}

/** `!GetAtt Queue.Arn`: the logical id ends at the first dot, the attribute may have more. */
function splitAttribute(text: string): string[] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
