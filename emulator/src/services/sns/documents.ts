import { type KeyObject, sign } from 'node:crypto';
import type { MessageAttributes } from './message-attributes';
import { attributesInNotification } from './message-attributes';

/** What SNS signs its documents with. */
export interface SigningKey {
  readonly key: KeyObject;
  /** Where its certificate is served, in PEM. */
  readonly certificateUrl: string;
}

/** What all documents of an emulator have in common. */
export interface DocumentSurroundings {
  /** Where links in documents lead, such as `http://127.0.0.1:4566`. */
  readonly origin: string;
  readonly signing: SigningKey;
}

/** What a document says, before it is signed. */
export interface DocumentContent {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly id: string;
  readonly topicArn: string;
  readonly subject?: string | undefined;
  readonly text: string;
  /** Emulated milliseconds since the epoch. */
  readonly time: number;
  readonly attributes?: MessageAttributes | undefined;
  /** On FIFO topics, whose documents are not signed. */
  readonly sequenceNumber?: string | undefined;
  /** Of confirmations. */
  readonly token?: string | undefined;
}

type SignatureVersion = '1' | '2';

/**
 * A document as SNS sends it to queues, functions, endpoints and mailboxes. What does not depend on the
 * subscription is made once, the signature only when somebody needs it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export class SnsDocument {
  private signed: string | undefined;
  private bytesWithoutArn: number | undefined;
  private refused: boolean | undefined;

  constructor(
    readonly content: DocumentContent,
    private readonly version: SignatureVersion,
    private readonly surroundings: DocumentSurroundings,
  ) {}

  get timestamp(): string {
    return new Date(this.content.time).toISOString();
  }

  /** Where a pending subscription is confirmed; undefined in notifications. */
  get subscribeUrl(): string | undefined {
    const { token, topicArn } = this.content;
    return token === undefined
      ? undefined
      : `${this.surroundings.origin}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}&Version=${apiVersion}`;
  }

  /** Where a subscription is ended. */
  unsubscribeUrl(subscriptionArn: string): string {
    return `${this.surroundings.origin}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}&Version=${apiVersion}`;
  }

  /** SHA-1 or SHA-256 with RSA, by the topic's SignatureVersion. */
  get signature(): string {
    this.signed ??= sign(
      this.version === '1' ? 'RSA-SHA1' : 'RSA-SHA256',
      Buffer.from(this.signedText()),
      this.surroundings.signing.key,
    ).toString('base64');
    return this.signed;
  }

  /**
   * {@link text} for a queue: made, and signed, when somebody receives it.
   *
   * Text that SQS would refuse is made at once, so that it does.
   */
  deferredText(subscriptionArn: string): string | DeferredText {
    // Control characters and lone surrogates are escaped in JSON; these two are not.
    this.refused ??= /[\ufffe\uffff]/.test(this.content.text);
    if (this.refused) return this.text(subscriptionArn);
    // Every signature of a key is as long as the others, and ARNs are ASCII.
    this.bytesWithoutArn ??= this.bytes('', signaturePlaceholder);
    const bytes = this.bytesWithoutArn + subscriptionArn.length;
    return new DeferredText(this, subscriptionArn, bytes);
  }

  /** The JSON text, laid out as AWS does. */
  text(subscriptionArn: string): string {
    const signed = this.content.sequenceNumber === undefined;
    return this.render(subscriptionArn, signed ? this.signature : '');
  }

  /**
   * A notification as a delivery stream gets it: a line, not signed.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/firehose-archived-message-format-S3.html
   */
  archivedText(subscriptionArn: string): string {
    const { type, id, topicArn, subject, text, attributes } = this.content;
    const members = {
      Type: type,
      MessageId: id,
      TopicArn: topicArn,
      Subject: subject,
      Message: text,
      Timestamp: this.timestamp,
      UnsubscribeURL: this.unsubscribeUrl(subscriptionArn),
      MessageAttributes: attributes && attributesInNotification(attributes),
    };
    return `${JSON.stringify(members)}\n`;
  }

  private render(subscriptionArn: string, signature: string): string {
    const lines = this.members(subscriptionArn, signature).map(
      ([name, value]) => `  "${name}" : ${JSON.stringify(value)}`,
    );
    const { attributes } = this.content;
    if (attributes) lines.push(attributesText(attributes));
    return `{\n${lines.join(',\n')}\n}`;
  }

  /** How many bytes {@link render} makes of the same. */
  private bytes(subscriptionArn: string, signature: string): number {
    const lines = this.members(subscriptionArn, signature).map(
      ([name, value]) => `  "" : `.length + name.length + jsonBytes(value),
    );
    const { attributes } = this.content;
    if (attributes) lines.push(Buffer.byteLength(attributesText(attributes)));
    const separators = ',\n'.length * (lines.length - 1);
    return lines.reduce((sum, line) => sum + line, '{\n\n}'.length + separators);
  }

  private members(
    subscriptionArn: string,
    signature: string,
  ): (readonly [name: string, value: string])[] {
    const { type, id, topicArn, subject, text, sequenceNumber, token } = this.content;
    const { subscribeUrl } = this;
    const members: (readonly [name: string, value: string])[] = [
      ['Type', type],
      ['MessageId', id],
    ];
    if (sequenceNumber !== undefined) members.push(['SequenceNumber', sequenceNumber]);
    if (token !== undefined) members.push(['Token', token]);
    members.push(['TopicArn', topicArn]);
    if (subject !== undefined) members.push(['Subject', subject]);
    members.push(['Message', text]);
    if (subscribeUrl !== undefined) members.push(['SubscribeURL', subscribeUrl]);
    members.push(['Timestamp', this.timestamp]);
    if (sequenceNumber === undefined)
      members.push(
        ['SignatureVersion', this.version],
        ['Signature', signature],
        ['SigningCertURL', this.surroundings.signing.certificateUrl],
      );
    if (type === 'Notification')
      members.push(['UnsubscribeURL', this.unsubscribeUrl(subscriptionArn)]);
    return members;
  }

  /** The members of an event that a function is invoked with, in Lambda's spelling. */
  lambdaMembers(subscriptionArn: string) {
    const { type, id, topicArn, subject, text, token, attributes } = this.content;
    return {
      Type: type,
      MessageId: id,
      ...(token !== undefined && { Token: token, SubscribeUrl: this.subscribeUrl }),
      TopicArn: topicArn,
      Subject: subject ?? null,
      Message: text,
      Timestamp: this.timestamp,
      SignatureVersion: this.version,
      Signature: this.signature,
      SigningCertUrl: this.surroundings.signing.certificateUrl,
      UnsubscribeUrl: this.unsubscribeUrl(subscriptionArn),
      MessageAttributes: attributesInNotification(attributes ?? {}),
    };
  }

  /** https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
  private signedText(): string {
    const { type, id, topicArn, subject, text, token } = this.content;
    const members: [name: string, value: string | undefined][] = [
      ['Message', text],
      ['MessageId', id],
      ['Subject', subject],
      ['SubscribeURL', this.subscribeUrl],
      ['Timestamp', this.timestamp],
      ['Token', token],
      ['TopicArn', topicArn],
      ['Type', type],
    ];
    return members
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}\n${value}\n`)
      .join('');
  }
}

/** A document's text for one subscription, before it is made. */
class DeferredText {
  constructor(
    private readonly document: SnsDocument,
    private readonly subscriptionArn: string,
    readonly bytes: number,
  ) {}

  render(): string {
    return this.document.text(this.subscriptionArn);
  }
}

const apiVersion = '2010-03-31';

/** Base64 of the 256 bytes of an RSA signature with a key of 2048 bits. */
const signaturePlaceholder = ' '.repeat(344);

/** Bytes of a text in JSON. Most have nothing in them that is escaped or longer than one byte. */
function jsonBytes(text: string): number {
  return /^[ !#-[\]-~]*$/.test(text) ? text.length + 2 : Buffer.byteLength(JSON.stringify(text));
}

function attributesText(attributes: MessageAttributes): string {
  const lines = Object.entries(attributesInNotification(attributes)).map(
    ([name, value]) => `    ${JSON.stringify(name)} : ${JSON.stringify(value)}`,
  );
  return `  "MessageAttributes" : {\n${lines.join(',\n')}\n  }`;
}
