import type { RemoteActors } from './clock/call-gate';
import type { PublishAsset } from './cloudformation/cdk-assets';
import { CloudFormation } from './cloudformation/cloudformation';
import { createIam } from './services/iam';
import { createKms } from './services/kms';
import { createS3 } from './services/s3';
import { createSecretsManager } from './services/secrets-manager';
import type { Service, ServiceEnvironment } from './services/service';
import { createSqs, type SqsService } from './services/sqs';
import { createSsm } from './services/ssm';
import { createSts } from './services/sts';

/** What the services need besides their environment. */
export interface CompositionOptions {
  readonly remoteActors: RemoteActors;
}

/** Every service, joined to those that it needs. */
export interface Composition {
  readonly services: readonly Service[];
  readonly sqs: SqsService;
  readonly cloudFormation: CloudFormation;
  readonly publishAsset: PublishAsset;
  /** Leaves in an account and region what `cdk bootstrap` would. */
  readonly bootstrap: (account: string, region: string) => void;
}

/**
 * Makes every service and hands each what it needs of others: the only file that knows them all.
 */
export function composeServices(
  env: ServiceEnvironment,
  _options: CompositionOptions,
): Composition {
  const iam = createIam(env);
  const kms = createKms(env);
  const ssm = createSsm(env, kms);
  const s3 = createS3(env, kms);
  const secrets = createSecretsManager(env, { describeDatabase: () => undefined });
  const sqs = createSqs(env);
  const services: Service[] = [createSts(env, iam), iam, kms, ssm, s3, secrets, sqs];
  const cloudFormation = new CloudFormation({
    clock: env.clock,
    random: env.random,
    providers: services.flatMap((service) => service.resourceProviders),
    resolveSsmParameter: async ({ name, version, account, region }) =>
      ssm.resolveParameter(version === undefined ? name : `${name}:${version}`, account, region),
    fetchTemplate: async ({ url }) => Buffer.from(s3.readTemplateUrl(url)).toString('utf8'),
    resolveSecret: async ({ account, region, secretId, versionId, versionStage }) =>
      secrets.resolveDynamicReference({
        account,
        region,
        secretId,
        versionId,
        versionStage,
        caller: env.identities.resolve(account),
      }),
  });
  return {
    services,
    sqs,
    cloudFormation,
    publishAsset: async (asset) => s3.putAsset(asset),
    bootstrap: (account, region) => ssm.seedBootstrap(account, region),
  };
}
