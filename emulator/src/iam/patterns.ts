/** Whether a text is what a pattern stands for. */
export type TextMatcher = (text: string) => boolean;

/** Stand for `*` and `?` in a {@link Pattern}, so that both can also be meant literally. */
const anyText = '\uE000';
const anyCharacter = '\uE001';

/** A text in which wildcards are marked: those that a value brings in are none. */
export type Pattern = string;

/** Marks the wildcards of a policy's text. */
export function withWildcards(text: string): Pattern {
  return text.replaceAll('*', anyText).replaceAll('?', anyCharacter);
}

/** A matcher of a whole text: `*` stands for any number of characters, `?` for one. */
export function patternMatcher(pattern: Pattern): TextMatcher {
  if (pattern === anyText) return () => true;
  const first = pattern.indexOf(anyText);
  if (!pattern.includes(anyCharacter)) {
    if (first < 0) return (text) => text === pattern;
    if (first === pattern.length - 1) {
      const start = pattern.slice(0, -1);
      return (text) => text.startsWith(start);
    }
  }
  return (text) => matches(pattern, text);
}

/**
 * A matcher of ARNs: each of the six parts matches by itself, so that no wildcard reaches over a colon, except in the
 * last part. Parts that a pattern leaves off are anything.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function arnMatcher(pattern: Pattern): TextMatcher {
  if (pattern === anyText) return () => true;
  if (!pattern.includes(anyText) && !pattern.includes(anyCharacter) && arnParts(pattern).length > 5)
    return (arn) => arn === pattern;
  const parts = arnParts(pattern).map(patternMatcher);
  return (arn) => {
    const given = arnParts(arn);
    return given.length > 1 && parts.every((matcher, index) => matcher(given[index] ?? ''));
  };
}

/** The parts of an ARN, of which the sixth may hold colons itself. */
export function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length > 6 ? [...parts.slice(0, 5), parts.slice(5).join(':')] : parts;
}

/** Goes back to the latest `*` alone, so that no pattern takes more than the product of both lengths. */
function matches(pattern: Pattern, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let resume = 0;
  while (inText < text.length) {
    const expected = pattern[inPattern];
    if (expected === anyText) {
      star = inPattern;
      resume = inText;
      inPattern += 1;
    } else if (expected === anyCharacter || expected === text[inText]) {
      inPattern += 1;
      inText += 1;
    } else if (star >= 0) {
      resume += 1;
      inPattern = star + 1;
      inText = resume;
    } else return false;
  }
  while (pattern[inPattern] === anyText) inPattern += 1;
  return inPattern === pattern.length;
}
