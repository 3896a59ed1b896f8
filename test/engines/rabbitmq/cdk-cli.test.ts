import { appLifecycle, describeReleases } from '../../cdk-cli/app-lifecycle';
import { rabbitMqConstructs } from '../../cdk-cli/broker-constructs';

describe('the constructs of RabbitMQ, from deploy to destroy', () => {
  describeReleases(appLifecycle(), rabbitMqConstructs, { updated: ['RabbitMq'] });
});
