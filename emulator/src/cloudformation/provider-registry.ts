import type { RandomSource } from '../random/random';
import type { ResourceProvider, SupportLevel } from './provider';
import { RecordedProvider } from './recorded-provider';
import { recordedTypes } from './recorded-types';

/** How much of a resource type there is. */
export interface SupportedType {
  /** Such as `AWS::SQS::Queue`. */
  readonly type: string;
  readonly level: SupportLevel;
  /** Properties of an emulated type that are only kept and shown. */
  readonly recordedProperties: readonly string[];
}

/** Finds the provider of a resource type. */
export class ProviderRegistry {
  private readonly byType = new Map<string, ResourceProvider>();

  /**
   * @param providers - those of the services, which take the place of recorded ones of the same type.
   * @param customResources - what handles `Custom::*` types, where there is something that does.
   * @throws Error if two providers are for the same type.
   */
  constructor(
    random: RandomSource,
    providers: readonly ResourceProvider[],
    private readonly customResources?: (type: string) => ResourceProvider,
  ) {
    for (const provider of providers) {
      if (this.byType.has(provider.type)) {
        throw new Error(`Two providers for resource type ${provider.type}`);
      }
      this.byType.set(provider.type, provider);
    }
    for (const type of recordedTypes) {
      if (!this.byType.has(type.type))
        this.byType.set(type.type, new RecordedProvider(type, random));
    }
  }

  /** Undefined for a type that is not supported. */
  find(type: string): ResourceProvider | undefined {
    const provider = this.byType.get(type);
    if (provider || !isCustomResource(type)) return provider;
    return this.customResources?.(type);
  }

  /** Every supported type, ordered by name. */
  supported(): SupportedType[] {
    const types = [...this.byType.values()].map(({ type, level, recordedProperties = [] }) => ({
      type,
      level,
      recordedProperties,
    }));
    return types.sort((a, b) => (a.type < b.type ? -1 : 1));
  }
}

/** Whether a type is a custom resource: its properties and attributes are its own. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
