import type { Service, ServiceEnvironment } from '../services/service';
import { CloudFormation, type CloudFormationOptions } from './cloudformation';
import { cloudFormationOperations } from './operations';

export type { CdkTarget } from './cdk-assembly';
export type { AssetPublication, PublishAsset } from './cdk-assets';
export { type CdkDeployment, type CdkDeployOptions, deployCdk, destroyCdk } from './cdk-deploy';
export type { CloudFormation, CloudFormationOptions } from './cloudformation';
export {
  CustomResourceCallbacks,
  type CustomResourceCallbacksOptions,
} from './custom-resource-callbacks';
export {
  type CustomResourceEvent,
  CustomResourceFailure,
  type CustomResourceResult,
  type CustomResourceTarget,
  type InvokeCustomResource,
} from './custom-resource-provider';
export type { SecretQuery, SsmParameterQuery } from './dynamic-references';
export type { LevelSummary } from './level-summary';
export {
  NativeCustomResources,
  type NativeCustomResourcesOptions,
  type RecordedHandler,
} from './native/native-custom-resources';
export type { AllowRecorded } from './provider-registry';
export {
  type Stack,
  type StackEvent,
  StackFailedError,
  type StackOutput,
  type StackResource,
  type StackStatus,
} from './stack';
export type { FetchTemplate } from './stack-preparation';
export type { CreateStackRequest, UpdateStackRequest } from './stack-requests';
export type { TemplateCheck } from './template-check';
export { TemplateRejectedError } from './template-errors';

type Client = typeof import('@aws-sdk/client-cloudformation');

/** CloudFormation as a service, with its engine for deploying in-process. */
export interface CloudFormationService extends Service<Client> {
  readonly engine: CloudFormation;
}

/** Makes CloudFormation; `options.providers` are those of all services. */
export function createCloudFormation(
  env: ServiceEnvironment,
  options: Omit<CloudFormationOptions, 'clock' | 'random'>,
): CloudFormationService {
  const engine = new CloudFormation({ ...options, clock: env.clock, random: env.random });
  return {
    signingName: 'cloudformation',
    loadClient: () => require('@aws-sdk/client-cloudformation') as Client,
    handlers: cloudFormationOperations(engine, env.clock, env.random, env.authorize),
    resourceProviders: [],
    engine,
    leaks: () =>
      engine.stacks().map(({ name, status }) => `CloudFormation stack ${name} (${status})`),
    stop: async () => undefined,
  };
}
