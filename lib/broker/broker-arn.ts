import { Fn } from 'aws-cdk-lib';
import { isKnown, type ValidationRule } from '../validation';

const FORM = 'arn:aws:mq:<region>:<account>:broker:<name>:<id>';
const BROKER_ARN = /^arn:[^:]+:mq:[^:]+:[^:]+:broker:[^:]+:[^:]+$/;

/** An ARN that is known has the form of one of a broker. */
export const BROKER_ARN_RULE: ValidationRule<{ readonly brokerArn: string }> = {
  fails: ({ brokerArn }) => isKnown(brokerArn) && !BROKER_ARN.test(brokerArn),
  message: ({ brokerArn }) =>
    `brokerArn '${brokerArn}' is not the ARN of a broker, which is of the form ${FORM}`,
};

/** The name in an ARN. */
export function brokerNameOf(brokerArn: string): string {
  return Fn.select(6, Fn.split(':', brokerArn));
}

/** The id in an ARN. */
export function brokerIdOf(brokerArn: string): string {
  return Fn.select(7, Fn.split(':', brokerArn));
}
