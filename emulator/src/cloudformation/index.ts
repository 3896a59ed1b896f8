import type { Caller } from '../iam/caller';
import type { Service, ServiceEnvironment } from '../services/service';
import { CloudFormation, type CloudFormationOptions } from './cloudformation';
import { cloudFormationOperations } from './operations';
import { type NotificationTopics, StackNotifications } from './stack-notifications';

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

/** What the composition root hands to CloudFormation as a service. */
export interface CloudFormationServiceOptions
  extends Omit<CloudFormationOptions, 'clock' | 'onStackEvent' | 'random'> {
  /** The topics that stacks' events are published to. */
  readonly topics: NotificationTopics;
  /** The unique id of a principal, such as `AROA…:session`. */
  readonly principalId: (caller: Caller) => string;
}

/** Makes CloudFormation; `options.providers` are those of all services. */
export function createCloudFormation(
  env: ServiceEnvironment,
  { topics, principalId, ...options }: CloudFormationServiceOptions,
): CloudFormationService {
  const { clock, journal, random } = env;
  const notifications = new StackNotifications(topics, principalId, journal);
  const onStackEvent: CloudFormationOptions['onStackEvent'] = (stack, event) =>
    notifications.tell(stack, event);
  const engine = new CloudFormation({ ...options, clock, random, onStackEvent });
  return {
    signingName: 'cloudformation',
    loadClient: () => require('@aws-sdk/client-cloudformation') as Client,
    handlers: cloudFormationOperations(engine, clock, random, env.authorize, notifications),
    resourceProviders: [],
    engine,
    leaks: () =>
      engine.stacks().map(({ name, status }) => `CloudFormation stack ${name} (${status})`),
    stop: async () => undefined,
  };
}
