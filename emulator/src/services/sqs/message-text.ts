/** What XML 1.0 leaves out: most control characters, lone surrogates, U+FFFE and U+FFFF. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** How the errors about other characters go on. */
export const validCharacters =
  'Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

/**
 * Whether a message's body, or the text of one of its attributes, has only characters that XML can carry.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function isText(text: string): boolean {
  return !forbidden.test(text);
}
