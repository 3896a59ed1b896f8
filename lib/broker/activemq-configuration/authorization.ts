import { failuresOf, type ValidationRule } from '../../validation';
import { type NamedDestination, patternRule } from './destination-name';
import type { XmlElement } from './xml-element';

/** The group of everybody who may use the web console. */
export const WEB_CONSOLE_GROUP = 'activemq-webconsole';

/** Which groups may do what. */
export interface AuthorizationOptions {
  /**
   * Groups that may consume, and browse.
   *
   * @default - none
   */
  readonly read?: readonly string[];

  /**
   * Groups that may send.
   *
   * @default - none
   */
  readonly write?: readonly string[];

  /**
   * Groups that may make and remove destinations, which is what whoever is the first to use one does.
   *
   * @default - none
   */
  readonly admin?: readonly string[];
}

/**
 * An entry of the authorisation map: who may do what with the queues or topics of a name or pattern. Rights of all entries that fit add up.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html
 */
export class Authorization {
  /** @param pattern - such as `orders` or `orders.>` */
  public static queue(pattern: string, options: AuthorizationOptions): Authorization {
    return new Authorization({ kind: 'queue', name: pattern }, options);
  }

  /** @param pattern - such as `prices` or `prices.>` */
  public static topic(pattern: string, options: AuthorizationOptions): Authorization {
    return new Authorization({ kind: 'topic', name: pattern }, options);
  }

  /** What is wrong with the options. */
  public readonly failures: readonly string[];

  /** The groups that it names. */
  public readonly groups: readonly string[];

  /** As the configuration has it. */
  public readonly element: XmlElement;

  private constructor(
    /** What it is for. */
    public readonly destination: NamedDestination,
    { admin = [], read = [], write = [] }: AuthorizationOptions,
  ) {
    this.groups = [...new Set([...admin, ...read, ...write])];
    this.failures = failuresOf(destination, AUTHORIZATION_RULES);
    this.element = entry(destination, { admin, read, write });
  }
}

/**
 * The plugin of a map. Clients of JMS hear of what goes on in the broker by topics of its own, and cannot connect if they may not read them: whoever
 * has any right may.
 *
 * @see https://activemq.apache.org/components/classic/documentation/security
 */
export function authorizationPlugin(authorizations: readonly Authorization[]): XmlElement {
  const everybody = [...new Set(authorizations.flatMap(({ groups }) => groups))];
  const advisories = entry(
    { kind: 'topic', name: 'ActiveMQ.Advisory.>' },
    { admin: everybody, read: everybody, write: everybody },
  );
  const inside = (name: string, children: readonly XmlElement[]): XmlElement => ({
    name,
    children,
  });
  return inside('authorizationPlugin', [
    inside('map', [
      inside('authorizationMap', [
        inside('authorizationEntries', [
          ...authorizations.map(({ element }) => element),
          ...(everybody.length > 0 ? [advisories] : []),
        ]),
      ]),
    ]),
  ]);
}

function entry(
  { kind, name }: NamedDestination,
  { admin, read, write }: Required<AuthorizationOptions>,
): XmlElement {
  return {
    name: 'authorizationEntry',
    attributes: {
      [kind]: name,
      read: listed(read),
      write: listed(write),
      admin: listed(admin),
    },
  };
}

/** An attribute without groups would name a group without a name. */
function listed(groups: readonly string[]): string | undefined {
  return groups.length === 0 ? undefined : groups.join(',');
}

const AUTHORIZATION_RULES: ReadonlyArray<ValidationRule<NamedDestination>> = [
  patternRule('the pattern of an authorization', ({ name }) => name),
];
