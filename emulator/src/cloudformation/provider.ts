import type { Caller } from '../iam/caller';

/** A value in a resolved template: JSON without intrinsic functions. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

/** A resource's resolved properties. */
export type ResourceProperties = Readonly<Record<string, TemplateValue>>;

/**
 * How much of a resource type is there. `emulated`: it behaves. `recorded`: it is validated and kept,
 * has its Ref and attributes, and does nothing. A type without a provider is unsupported: the deployment fails and names it.
 */
export type SupportLevel = 'emulated' | 'recorded';

/** What a provider knows about the resource that it works on. */
export interface ResourceRequest {
  readonly logicalId: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  /** Who deploys. */
  readonly caller: Caller;
  readonly properties: ResourceProperties;
  /** Its `UpdatePolicy`. @default - none */
  readonly updatePolicy?: ResourceProperties;
  /** The stack's tags. */
  readonly stackTags: Readonly<Record<string, string>>;
  /** Where the caller reaches the emulator, such as `http://127.0.0.1:4566`. */
  readonly origin: string;
  /** A physical name as CloudFormation makes it: stack, logical id and random characters, cut to `maxLength`. */
  generateName(maxLength: number): string;
}

/** A request about a resource that exists. */
export interface ExistingResourceRequest extends ResourceRequest {
  readonly physicalId: string;
}

/** A request to give an existing resource other properties. */
export interface UpdateRequest extends ExistingResourceRequest {
  /** What it has so far, with the stack's tags then. */
  readonly previous: Pick<ResourceRequest, 'properties' | 'stackTags'> &
    Pick<ResourceState, 'attributes'>;
}

/** Another resource of the stack that a resource is in. */
export interface SiblingResource {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: ResourceProperties;
}

/** A request for the properties of a resource as it is now. */
export interface ReadRequest extends ExistingResourceRequest {
  /** The stack's other resources: some of them add to this one, as a policy does to its role. */
  readonly siblings: readonly SiblingResource[];
}

/**
 * Properties as a service has them: undefined for one that a resource has lost. What the service does not tell, such
 * as passwords and code, is left out, and never drifts.
 */
export type LiveProperties = Readonly<Record<string, TemplateValue | undefined>>;

/** Which resource is to become part of a stack: values of the properties that identify its type. */
export type ResourceIdentifier = Readonly<Record<string, string>>;

/** A request for a resource that exists and belongs to no stack. */
export interface FindRequest
  extends Pick<ResourceRequest, 'account' | 'caller' | 'origin' | 'region'> {
  readonly identifier: ResourceIdentifier;
}

/** What a resource is known by once it exists. */
export interface ResourceState {
  /** What `Ref` returns. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` returns, by attribute name (nested ones with dots, such as `Endpoint.Address`). */
  readonly attributes: Readonly<Record<string, TemplateValue>>;
  /** Whether outputs show its attributes as asterisks. @default false */
  readonly noEcho?: boolean;
  /** The request of a custom resource that was answered with this state. */
  readonly requestId?: string;
}

/** A creation that failed and may have left something behind, which a rollback deletes. */
export class CreationFailedError extends Error {
  constructor(
    reason: string,
    readonly physicalId: string,
  ) {
    super(reason);
  }
}

/** Creates, updates and deletes the resources of one CloudFormation type. */
export interface ResourceProvider {
  /** Such as `AWS::SQS::Queue`. */
  readonly type: string;
  readonly level: SupportLevel;
  /** Whether the type is recorded only because the user allows it: the emulator knows no more of it than its schema. @default false */
  readonly allowedOnly?: boolean;
  /** Properties of an emulated type that are only kept and shown. @default - none */
  readonly recordedProperties?: readonly string[];
  /**
   * Reasons why these properties cannot be honoured, each naming property and value; asked before
   * anything is created, with unresolved values left out.
   */
  unsupported?(properties: ResourceProperties): string[];
  /**
   * Reasons why a resource cannot go from one set of properties to another without being replaced;
   * asked before anything is changed, with unresolved values left out. A change of properties that the
   * published schema replaces is not asked about.
   */
  unsupportedUpdate?(previous: ResourceProperties, properties: ResourceProperties): string[];
  /**
   * Takes this one's place for a resource that it does not support and that serves nothing but custom
   * resources which are handled natively.
   *
   * @default - such a resource is refused like any other
   */
  readonly recordedInstead?: ResourceProvider;
  create(request: ResourceRequest): Promise<ResourceState>;
  /**
   * Gives an existing resource other properties. A physical id other than before means that the
   * resource has been replaced: the old one is deleted at the end of the stack's update.
   *
   * A provider without it cannot update in place: such a change is refused by name before anything
   * is changed.
   */
  update?(request: UpdateRequest): Promise<ResourceState>;
  delete(request: ExistingResourceRequest): Promise<void>;
  /**
   * The properties of a resource as its service has them now, whoever set them; undefined if it is gone.
   * Drift detection compares them with those of the template. A type without it has no drift detection.
   */
  read?(request: ReadRequest): Promise<LiveProperties | undefined>;
  /** The property with a resource's tags, which takes the stack's, too. @default 'Tags' */
  readonly tagsProperty?: string;
  /** Properties that are lists in which order means nothing, besides the tags. @default - none */
  readonly unorderedProperties?: readonly string[];
  /** Finds a resource that is to be imported; undefined if there is none. A type without it cannot be imported. */
  find?(request: FindRequest): Promise<ResourceState | undefined>;
}

/**
 * Reads resolved properties by type, with the leniency of CloudFormation: numbers and booleans may
 * be written as strings. Values of any other type are a {@link TypeError}; the schema check has named them before.
 */
export class PropertyReader {
  constructor(private readonly properties: ResourceProperties) {}

  string(name: string): string | undefined {
    const value = this.properties[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') throw new TypeError(`${name} must be a string`);
    return String(value);
  }

  requiredString(name: string): string {
    const value = this.string(name);
    if (value === undefined) throw new TypeError(`Property ${name} is required`);
    return value;
  }

  number(name: string): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || Number.isNaN(value))
      throw new TypeError(`${name} must be a number, got ${text}`);
    return value;
  }

  boolean(name: string): boolean | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (text !== 'true' && text !== 'false')
      throw new TypeError(`${name} must be true or false, got ${text}`);
    return text === 'true';
  }

  /** A nested object. */
  object(name: string): PropertyReader | undefined {
    const value = this.properties[name];
    if (value === undefined || value === null) return undefined;
    if (!isObject(value)) throw new TypeError(`${name} must be an object`);
    return new PropertyReader(value);
  }

  /** The raw value, for JSON-typed properties such as policy documents. */
  json(name: string): TemplateValue | undefined {
    const value = this.properties[name];
    return value === null ? undefined : value;
  }

  strings(name: string): string[] | undefined {
    return this.list(name)?.map(String);
  }

  objects(name: string): PropertyReader[] | undefined {
    return this.list(name)?.map((item) => {
      if (!isObject(item)) throw new TypeError(`${name} must be a list of objects`);
      return new PropertyReader(item);
    });
  }

  /** A map of strings. */
  stringMap(name: string): Record<string, string> | undefined {
    const value = this.properties[name];
    if (value === undefined || value === null) return undefined;
    if (!isObject(value)) throw new TypeError(`${name} must be a map`);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
  }

  /** `Tags` in CloudFormation's list form. */
  tags(name = 'Tags'): Record<string, string> {
    const tags = this.objects(name) ?? [];
    return Object.fromEntries(
      tags.map((tag) => [tag.requiredString('Key'), tag.string('Value') ?? '']),
    );
  }

  keys(): string[] {
    return Object.keys(this.properties);
  }

  private list(name: string): readonly TemplateValue[] | undefined {
    const value = this.properties[name];
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value : [value as TemplateValue];
  }
}

function isObject(value: TemplateValue): value is { readonly [key: string]: TemplateValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
