export { AmazonMqChecks } from './amazon-mq-checks';
