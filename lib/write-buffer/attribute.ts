import type { Duration } from 'aws-cdk-lib';
import { memberPath } from '../json/json-path';
import { Column } from './column';
import type { AttributePlan } from './mapping/settings';

/**
 * Where the value of an item's attribute comes from, and what type it has.
 */
export class Attribute {
  /**
   * A value in the message's JSON body, which has to be there, as JSON has it: strings, numbers and booleans,
   * objects as maps, arrays as lists, null as NULL.
   *
   * Numbers keep the digits that they were sent with, up to DynamoDB's 38, and never go through a floating-point number.
   *
   * @param path such as `$.orderId`, `$.lines[0].sku` or `$['unit price']`; `$` is the whole body
   */
  public static path(path: string): Attribute {
    return new Attribute(Column.path(path));
  }

  /**
   * The same, but without a value there the item lacks the attribute.
   *
   * @param path such as `$.note`
   */
  public static optionalPath(path: string): Attribute {
    return new Attribute(Column.optionalPath(path));
  }

  /**
   * A string in the body; a message with anything else there goes to the dead-letter queue. JSON null is NULL.
   *
   * @param source its path, or another attribute, such as an optional one
   */
  public static string(source: Attribute | string): Attribute {
    return Attribute.typed(source, 'S');
  }

  /**
   * A number in the body, also one in quotes, which is how many producers send amounts; a message with anything else there
   * goes to the dead-letter queue. JSON null is NULL.
   *
   * @param source its path, or another attribute, such as that of a message attribute
   */
  public static number(source: Attribute | string): Attribute {
    return Attribute.typed(source, 'N');
  }

  /**
   * True or false in the body; a message with anything else there goes to the dead-letter queue. JSON null is NULL.
   *
   * @param source its path, or another attribute, such as an optional one
   */
  public static boolean(source: Attribute | string): Attribute {
    return Attribute.typed(source, 'BOOL');
  }

  /**
   * Bytes, in base64 in the body; a message with anything else there goes to the dead-letter queue. JSON null is NULL.
   *
   * @param source its path, or another attribute, such as an optional one
   */
  public static binary(source: Attribute | string): Attribute {
    return Attribute.typed(source, 'B');
  }

  /**
   * The whole body, as text. It has to be JSON; for a map of it see `Attribute.path('$')`.
   */
  public static body(): Attribute {
    return new Attribute(Column.body());
  }

  /**
   * The id that SQS gave the message: the same each time this message is delivered, another one if the
   * producer sends it again.
   */
  public static messageId(): Attribute {
    return new Attribute(Column.messageId());
  }

  /**
   * When SQS took the message in: ISO 8601 in UTC with milliseconds, which as text sorts as time.
   */
  public static sentTimestamp(): Attribute {
    return new Attribute(Column.sentTimestamp());
  }

  /**
   * A message attribute of type String or Number, as a string; without one the item lacks the attribute. A message with a Binary
   * one goes to the dead-letter queue.
   *
   * @param name of the message attribute, case-sensitive
   */
  public static messageAttribute(name: string): Attribute {
    return new Attribute(Column.messageAttribute(name));
  }

  /**
   * When the item may go, for the table's time to live: so long after SQS took the message in, in seconds since the epoch.
   *
   * @param lifetime of the item
   */
  public static expiresAfter(lifetime: Duration): Attribute {
    return new Attribute(Column.sentTimestamp(), 'N', lifetime);
  }

  private static typed(source: Attribute | string, type: AttributePlan['type']): Attribute {
    const { lifetime, value } = typeof source === 'string' ? Attribute.path(source) : source;
    return new Attribute(value, type, lifetime);
  }

  private constructor(
    private readonly value: Column,
    private readonly type?: AttributePlan['type'],
    private readonly lifetime?: Duration,
  ) {}

  /** What is wrong with it, if something is. @internal */
  public validate(): string | undefined {
    return this.lifetime?.isUnresolved() === true
      ? 'the lifetime must be known at synthesis'
      : this.value.validate();
  }

  /** True if an item may lack it. @internal */
  public isOptional(): boolean {
    return this.value.isOptional();
  }

  /** The type that it is known to have; undefined if that depends on the message. @internal */
  public knownType(): AttributePlan['type'] {
    if (this.type !== undefined || this.value.validate() !== undefined) {
      return this.type;
    }
    return this.value.render().kind === 'path' ? undefined : 'S';
  }

  /** What the function is told. Throws if the attribute is not valid. @internal */
  public render(name: string): AttributePlan {
    return {
      name,
      source: this.value.render(),
      ...(this.type === undefined ? {} : { type: this.type }),
      ...(this.lifetime === undefined ? {} : { plusSeconds: this.lifetime.toSeconds() }),
    };
  }
}

/**
 * An item's attributes by name: an {@link Attribute}, or the path of one.
 */
export type AttributeMap = Readonly<Record<string, Attribute | string>>;

/** Paths and names that are also the body's keys, as attributes. */
export function toAttributeMap(
  attributes: AttributeMap | readonly string[],
): Record<string, Attribute> {
  const entries = isNameList(attributes)
    ? attributes.map((name): [string, Attribute] => [name, Attribute.path(memberPath(name))])
    : Object.entries(attributes).map(([name, attribute]): [string, Attribute] => [
        name,
        typeof attribute === 'string' ? Attribute.path(attribute) : attribute,
      ]);
  return Object.fromEntries(entries);
}

function isNameList(attributes: AttributeMap | readonly string[]): attributes is readonly string[] {
  return Array.isArray(attributes);
}
