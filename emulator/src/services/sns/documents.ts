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

/** A document's text around its signature and around the subscription's ARN, which only notifications have. */
interface DocumentFrame {
  readonly beforeSignature: string;
  readonly signed: boolean;
  readonly beforeArn: string;
  readonly end: string;
}

/**
 * A document as SNS sends it to queues, functions, endpoints and mailboxes. What does not depend on the
 * subscription is made once, the signature only when somebody needs it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export class SnsDocument {
  private frame: DocumentFrame | undefined;
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
    return `${this.unsubscribeStart}${subscriptionArn}${unsubscribeEnd}`;
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
    // ARNs are ASCII. The frame is not kept for this: most copies of a notification are never read.
    this.bytesWithoutArn ??= bytesOf(this.makeFrame());
    const bytes = this.bytesWithoutArn + subscriptionArn.length;
    return new DeferredText(this, subscriptionArn, bytes);
  }

  /** The JSON text, laid out as AWS does. */
  text(subscriptionArn: string): string {
    this.frame ??= this.makeFrame();
    const { beforeSignature, beforeArn, end, signed } = this.frame;
    const arn = this.content.type === 'Notification' ? subscriptionArn : '';
    return `${beforeSignature}${signed ? this.signature : ''}${beforeArn}${arn}${end}`;
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

  private makeFrame(): DocumentFrame {
    const { type, id, topicArn, subject, text, sequenceNumber, token, attributes } = this.content;
    const { subscribeUrl } = this;
    const signed = sequenceNumber === undefined;
    const lines = [member('Type', type), member('MessageId', id)];
    if (!signed) lines.push(member('SequenceNumber', sequenceNumber));
    if (token !== undefined) lines.push(member('Token', token));
    lines.push(member('TopicArn', topicArn));
    if (subject !== undefined) lines.push(member('Subject', subject));
    lines.push(member('Message', text));
    if (subscribeUrl !== undefined) lines.push(member('SubscribeURL', subscribeUrl));
    lines.push(member('Timestamp', this.timestamp));
    if (signed) lines.push(member('SignatureVersion', this.version), '  "Signature" : "');
    const { certificateUrl } = this.surroundings.signing;
    const notifies = type === 'Notification';
    return {
      beforeSignature: `{\n${lines.join(',\n')}`,
      signed,
      beforeArn:
        (signed ? `",\n${member('SigningCertURL', certificateUrl)}` : '') +
        (notifies ? `,\n  "UnsubscribeURL" : "${this.unsubscribeStart}` : ''),
      end: `${notifies ? `${unsubscribeEnd}"` : ''}${attributes ? `,\n${attributesText(attributes)}` : ''}\n}`,
    };
  }

  private get unsubscribeStart(): string {
    return `${this.surroundings.origin}/?Action=Unsubscribe&SubscriptionArn=`;
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

const unsubscribeEnd = `&Version=${apiVersion}`;

/** Characters of Base64 of the 256 bytes of an RSA signature with a key of 2048 bits. */
const signatureLength = 344;

/** Bytes of a document but for a subscription's ARN. */
function bytesOf({ beforeSignature, beforeArn, end, signed }: DocumentFrame): number {
  const frame = Buffer.byteLength(beforeSignature) + Buffer.byteLength(beforeArn);
  return frame + Buffer.byteLength(end) + (signed ? signatureLength : 0);
}

function member(name: string, value: string): string {
  return `  "${name}" : ${JSON.stringify(value)}`;
}

function attributesText(attributes: MessageAttributes): string {
  const lines = Object.entries(attributesInNotification(attributes)).map(
    ([name, value]) => `    ${JSON.stringify(name)} : ${JSON.stringify(value)}`,
  );
  return `  "MessageAttributes" : {\n${lines.join(',\n')}\n  }`;
}
