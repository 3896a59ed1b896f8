import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  ActiveStandbyBroker,
  type ActiveStandbyBrokerProps,
  PropsValidationError,
} from 'cdk-decouple';

/** Where the stack of a test is. */
export const env = { account: '123456789012', region: 'eu-west-1' };
/** Users of a broker. */
export const users = {
  admin: { groups: ['admins'], consoleAccess: true },
  shop: { groups: ['shops'] },
};

/** A stack with a broker. */
export function brokerWith(
  changes: (stack: Stack, vpc: ec2.IVpc) => Partial<ActiveStandbyBrokerProps> = () => ({}),
) {
  const stack = new Stack(new App(), 'Test', { env });
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 3 });
  const broker = new ActiveStandbyBroker(stack, 'Broker', { vpc, users, ...changes(stack, vpc) });
  return { stack, broker, template: () => Template.fromStack(stack) };
}

/** What the rules say against a broker. */
export function failuresWith(
  changes: (stack: Stack, vpc: ec2.IVpc) => Partial<ActiveStandbyBrokerProps>,
): readonly string[] {
  try {
    brokerWith(changes);
  } catch (error) {
    if (error instanceof PropsValidationError) return error.failures;
    throw error;
  }
  return [];
}
