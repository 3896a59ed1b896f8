import type { Clock } from '../clock/clock';
import type { RandomSource } from '../random/random';
import type { ResourceProperties, ResourceProvider, SupportLevel } from './provider';
import { publishedType } from './published-type';
import { RecordedProvider } from './recorded-provider';
import { recordedTypes } from './recorded-types';
import { resourceSchema } from './resource-schemas';

/** How much of a resource type there is. */
export interface SupportedType {
  /** Such as `AWS::SQS::Queue`. */
  readonly type: string;
  readonly level: SupportLevel;
  /** Properties of an emulated type that are only kept and shown. */
  readonly recordedProperties: readonly string[];
}

/** Custom resources that are handled without the functions behind them. */
export interface NativeTypes {
  /** Such as `Custom::S3BucketNotifications`. */
  readonly types: readonly string[];
  /** Reasons why a custom resource with these properties cannot be handled so. */
  unsupported(type: string, properties: ResourceProperties): string[];
}

/**
 * Which types without a provider may be recorded from their published schema alone: all, none, or those of these
 * names, in which `*` stands for anything, such as `AWS::DynamoDB::*`.
 */
export type AllowRecorded = boolean | readonly string[];

/** What a registry is made of. */
export interface ProviderRegistryOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Those of the services, which take the place of recorded ones of the same type. */
  readonly providers: readonly ResourceProvider[];
  /** What handles `Custom::*` types. @default - they are unsupported */
  readonly customResources?: (type: string) => ResourceProvider;
  /** @default false */
  readonly allowRecorded?: AllowRecorded;
  /** Custom resources that do not need their functions, where those cannot run. @default - none */
  readonly natives?: NativeTypes;
}

/** Finds the provider of a resource type. */
export class ProviderRegistry {
  private readonly byType = new Map<string, ResourceProvider>();
  /** Made when a template first has one of these types. */
  private readonly allowed = new Map<string, ResourceProvider>();
  /** Custom resources that do not need their functions. */
  readonly natives: NativeTypes;

  /** @throws Error if two providers are for the same type. */
  constructor(private readonly options: ProviderRegistryOptions) {
    const { clock, natives, providers, random } = options;
    this.natives = natives ?? { types: [], unsupported: () => [] };
    for (const provider of providers) {
      if (this.byType.has(provider.type)) {
        throw new Error(`Two providers for resource type ${provider.type}`);
      }
      this.byType.set(provider.type, provider);
    }
    for (const type of recordedTypes) {
      if (!this.byType.has(type.type))
        this.byType.set(type.type, new RecordedProvider(type, random, clock));
    }
  }

  /** Undefined for a type that is not supported. */
  find(type: string): ResourceProvider | undefined {
    const provider = this.byType.get(type);
    if (provider) return provider;
    return isCustomResource(type) ? this.options.customResources?.(type) : this.findAllowed(type);
  }

  private findAllowed(type: string): ResourceProvider | undefined {
    const known = this.allowed.get(type);
    if (known || !this.mayBeRecorded(type)) return known;
    const schema = resourceSchema(type);
    if (!schema) return undefined;
    const { clock, random } = this.options;
    const provider = new RecordedProvider(publishedType(type, schema), random, clock, true);
    this.allowed.set(type, provider);
    return provider;
  }

  private mayBeRecorded(type: string): boolean {
    const { allowRecorded = false } = this.options;
    if (typeof allowRecorded === 'boolean') return allowRecorded;
    // checkOptions has seen to it that there is nothing in a pattern but letters, digits, colons and stars.
    return allowRecorded.some((pattern) =>
      new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(type),
    );
  }

  /** The provider of a resource that exists: of one that is only recorded, the one that records. */
  of({ level, type }: Pick<SupportedType, 'level' | 'type'>): ResourceProvider | undefined {
    const provider = this.find(type);
    return provider?.level === level ? provider : (provider?.recordedInstead ?? provider);
  }

  /** Every supported type, ordered by name. */
  supported(): SupportedType[] {
    const types = [...this.byType.values()].map(
      ({ type, level, recordedProperties = [] }): SupportedType => ({
        type,
        level,
        recordedProperties,
      }),
    );
    for (const type of this.natives.types)
      types.push({ type, level: 'emulated', recordedProperties: [] });
    return types.sort((a, b) => (a.type < b.type ? -1 : 1));
  }
}

/** Whether a type is a custom resource: its properties and attributes are its own. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
