import type { TemplateValue } from './provider';
import { isObject, type TemplateObject } from './values';

/** What is honoured of a rolling update; the share of instances that must signal counts only with signals. */
const rollingMembers = [
  'MaxBatchSize',
  'MinInstancesInService',
  'MinSuccessfulInstancesPercent',
  'PauseTime',
  'SuspendProcesses',
];

/**
 * What cannot be honoured of how a resource is to be updated: of groups there are no signals, and no second group in its place; of other
 * resources nothing can, such as an alias whose traffic CodeDeploy is to shift.
 *
 * @param policy - with its functions evaluated
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
 */
export function unsupportedUpdatePolicies(policy: TemplateObject): string[] {
  const {
    AutoScalingReplacingUpdate: replacing,
    AutoScalingRollingUpdate: rolling,
    AutoScalingScheduledAction: _scheduled,
    ...others
  } = policy;
  return [
    ...(isObject(replacing) && isSet(replacing.WillReplace) ? ['AutoScalingReplacingUpdate'] : []),
    ...Object.entries(isObject(rolling) ? rolling : {})
      .filter(([name, value]) => !isHonoured(name, value))
      .map(([name]) => `AutoScalingRollingUpdate with ${name}`),
    ...Object.keys(others),
  ].map((what) => `UpdatePolicy ${what}`);
}

function isHonoured(name: string, value: TemplateValue): boolean {
  if (name === 'WaitOnResourceSignals') return !isSet(value);
  // All of them, which is the default: a batch is done when its instances are in service.
  if (name === 'MinActiveInstancesPercent') return Number(value) === 100;
  return rollingMembers.includes(name);
}

function isSet(value: TemplateValue | undefined): boolean {
  return value === true || value === 'true';
}
