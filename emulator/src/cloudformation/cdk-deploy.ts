import { readFile } from 'node:fs/promises';
import type { cx_api } from 'aws-cdk-lib';
import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import { type CdkTarget, dependents, synthesise, withAvailabilityZones } from './cdk-assembly';
import { fillPlaceholders, type PublishAsset, publishAssets } from './cdk-assets';
import type { CloudFormation } from './cloudformation';
import type { Stack, StackStatus } from './stack';

/** What deploying a CDK app needs of its surroundings. */
export interface CdkDeployment {
  readonly clock: Clock;
  readonly cloudFormation: CloudFormation;
  readonly publishAsset: PublishAsset;
  /** Account of stacks that name none. */
  readonly account: string;
  /** Region of stacks that name none. */
  readonly region: string;
  /** Where callers reach the emulator, such as `http://127.0.0.1:4566`. */
  readonly origin: string;
  /** Called once for every account and region before the first stack goes there: what `cdk bootstrap` would leave. */
  readonly bootstrap?: (account: string, region: string) => void | Promise<void>;
}

/** Options of a deployment. */
export interface CdkDeployOptions {
  /** Values of template parameters: `Name`, for every stack that has it, or `Stack:Name`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Synthesises and deploys a stack with all that it depends on, or all stacks of a stage or an app.
 * A stack that is there already is updated; parameters that are not given keep their values.
 *
 * @returns the stacks in the order of their deployment.
 */
export async function deployCdk(
  target: CdkTarget,
  deployment: CdkDeployment,
  options: CdkDeployOptions = {},
): Promise<Stack[]> {
  const deployed: Stack[] = [];
  const bootstrapped = new Set<string>();
  for (const artifact of synthesise(target)) {
    const { account, region } = environmentOf(artifact, deployment);
    const environment = `${account}/${region}`;
    if (!bootstrapped.has(environment)) {
      bootstrapped.add(environment);
      await deployment.bootstrap?.(account, region);
    }
    deployed.push(await deployStack(artifact, account, region, deployment, options));
  }
  return deployed;
}

/** Deletes the stacks of a target and all stacks of its app that depend on them, dependents first. */
export async function destroyCdk(target: CdkTarget, deployment: CdkDeployment): Promise<void> {
  for (const artifact of dependents(target)) {
    const { account, region } = environmentOf(artifact, deployment);
    await deployment.cloudFormation.deleteStack(artifact.stackName, account, region);
  }
}

async function deployStack(
  artifact: cx_api.CloudFormationStackArtifact,
  account: string,
  region: string,
  { clock, cloudFormation, origin, publishAsset }: CdkDeployment,
  options: CdkDeployOptions,
): Promise<Stack> {
  const name = artifact.stackName;
  const synthesised = await clock.work(`read template of ${name}`, () =>
    readFile(artifact.templateFullPath, 'utf8'),
  );
  const template = withAvailabilityZones(synthesised, region);
  await clock.work(`publish assets of ${name}`, () =>
    publishAssets(artifact, account, region, publishAsset),
  );
  const request = {
    name,
    template,
    parameters: { ...artifact.parameters, ...parametersOf(name, template, options) },
    tags: artifact.tags,
    notificationArns: artifact.notificationArns,
    account,
    region,
    caller: deployer(artifact, account, region),
    origin,
  };
  const { terminationProtection = false } = artifact;
  const existing = cloudFormation.find(name, account, region);
  if (existing && !afterFailedCreation.includes(existing.status)) {
    await cloudFormation.updateStack({ ...request, previousParameters: 'all' });
    existing.terminationProtection = terminationProtection;
    return existing;
  }
  // As the CDK CLI does with what a failed creation has left.
  if (existing) await cloudFormation.deleteStack(existing.id, account, region);
  return cloudFormation.createStack({ ...request, terminationProtection });
}

const afterFailedCreation: readonly StackStatus[] = [
  'CREATE_FAILED',
  'DELETE_FAILED',
  'REVIEW_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
];

/** Those of the given parameters that are for a stack: named for it, or simply declared by it. */
function parametersOf(
  stackName: string,
  template: string,
  { parameters = {} }: CdkDeployOptions,
): Record<string, string> {
  const declared: object = JSON.parse(template).Parameters ?? {};
  const chosen: Record<string, string> = {};
  for (const [key, value] of Object.entries(parameters)) {
    const colon = key.indexOf(':');
    if (colon < 0 ? key in declared : key.slice(0, colon) === stackName) {
      chosen[key.slice(colon + 1)] = value;
    }
  }
  return chosen;
}

function environmentOf(
  artifact: cx_api.CloudFormationStackArtifact,
  deployment: CdkDeployment,
): { account: string; region: string } {
  const { account, region } = artifact.environment;
  return {
    account: account === 'unknown-account' ? deployment.account : account,
    region: region === 'unknown-region' ? deployment.region : region,
  };
}

/** The administrator, in place of the execution role with which the CDK CLI has CloudFormation deploy. */
function deployer(
  { cloudFormationExecutionRoleArn: roleArn }: cx_api.CloudFormationStackArtifact,
  account: string,
  region: string,
): Caller {
  const standsFor = roleArn && fillPlaceholders(roleArn, account, region);
  return { kind: 'developer', account, arn: `arn:aws:iam::${account}:root`, standsFor };
}
