import type {
  PropertyReader,
  ResourceProperties,
  TemplateValue,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { documentOf } from '../live-properties';
import type { GivenTarget } from './given-target';
import { isTargetArn } from './target-kinds';

const targetProperties = [
  'Arn',
  'DeadLetterConfig',
  'Id',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'RoleArn',
  'SqsParameters',
];

/** Why targets of a template cannot be honoured. */
export function unsupportedTargets(type: string, { Targets: given }: ResourceProperties): string[] {
  if (!Array.isArray(given)) return [];
  return given.flatMap((target: TemplateValue) => {
    if (!isObject(target)) return [];
    const { Arn: arn } = target;
    const foreign = typeof arn === 'string' && arn.startsWith('arn:') && !isTargetArn(arn);
    return [
      ...unsupportedProperties(`${type}.Target`, target, targetProperties),
      ...(foreign ? [`${type} does not support the target ${arn}`] : []),
    ];
  });
}

/** Targets of a template in the API's form. */
export function targetsOf(reader: PropertyReader): GivenTarget[] {
  return (reader.objects('Targets') ?? []).map((target) => {
    const transformer = target.object('InputTransformer');
    const retries = target.object('RetryPolicy');
    const deadLetters = target.object('DeadLetterConfig');
    const sqs = target.object('SqsParameters');
    return {
      Id: target.requiredString('Id'),
      Arn: target.requiredString('Arn'),
      RoleArn: target.string('RoleArn'),
      Input: target.string('Input'),
      InputPath: target.string('InputPath'),
      InputTransformer: transformer && {
        InputPathsMap: transformer.stringMap('InputPathsMap'),
        InputTemplate: transformer.requiredString('InputTemplate'),
      },
      RetryPolicy: retries && {
        MaximumRetryAttempts: retries.number('MaximumRetryAttempts'),
        MaximumEventAgeInSeconds: retries.number('MaximumEventAgeInSeconds'),
      },
      DeadLetterConfig: deadLetters && { Arn: deadLetters.string('Arn') },
      SqsParameters: sqs && { MessageGroupId: sqs.requiredString('MessageGroupId') },
    };
  });
}

/** A target in CloudFormation's form. */
export function liveTarget(given: GivenTarget): TemplateValue {
  // Members without a value have no place in JSON.
  return documentOf(JSON.stringify(given)) ?? {};
}

function isObject(value: TemplateValue): value is ResourceProperties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
