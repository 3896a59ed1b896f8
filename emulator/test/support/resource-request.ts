import type {
  ExistingResourceRequest,
  ResourceProperties,
  ResourceProvider,
  ResourceRequest,
  ResourceState,
} from '../../src/cloudformation/provider';

/** What a test of a provider says about its request; the rest is the same for all. */
export type RequestPart = Partial<ResourceRequest> & { readonly properties: ResourceProperties };

/** A request as the CloudFormation engine makes it. */
export function resourceRequest(part: RequestPart): ResourceRequest {
  const account = part.account ?? '000000000000';
  return {
    logicalId: 'Thing',
    stackName: 'Shop',
    stackId: `arn:aws:cloudformation:us-east-1:${account}:stack/Shop/1`,
    account,
    region: 'us-east-1',
    caller: { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` },
    stackTags: {},
    origin: 'http://127.0.0.1:4566',
    generateName: (maxLength) => 'Shop-Thing-ABCDEF123456'.slice(0, maxLength),
    ...part,
  };
}

/** One resource, created and deleted the way the engine does it. */
export class ProvidedResource {
  private constructor(
    private readonly provider: ResourceProvider,
    private readonly request: ResourceRequest,
    readonly state: ResourceState,
  ) {}

  static async create(
    providers: readonly ResourceProvider[],
    type: string,
    part: RequestPart,
  ): Promise<ProvidedResource> {
    const provider = providerOf(providers, type);
    const request = resourceRequest(part);
    return new ProvidedResource(provider, request, await provider.create(request));
  }

  async delete(): Promise<void> {
    const request: ExistingResourceRequest = {
      ...this.request,
      physicalId: this.state.physicalId,
    };
    await this.provider.delete(request);
  }
}

/** The provider of a type. */
export function providerOf(providers: readonly ResourceProvider[], type: string): ResourceProvider {
  const provider = providers.find((candidate) => candidate.type === type);
  if (!provider) throw new Error(`no provider for ${type}`);
  return provider;
}
