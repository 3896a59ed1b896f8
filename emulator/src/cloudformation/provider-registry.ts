import type { RandomSource } from '../random/random';
import type { ResourceProvider, SupportLevel } from './provider';
import { RecordedProvider } from './recorded-provider';
import { recordedTypes } from './recorded-types';

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

  /** Every supported type with its level, ordered by name. */
  supported(): { readonly type: string; readonly level: SupportLevel }[] {
    const types = [...this.byType.values()].map(({ type, level }) => ({ type, level }));
    return types.sort((a, b) => (a.type < b.type ? -1 : 1));
  }
}

/** Whether a type is a custom resource: its properties and attributes are its own. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
