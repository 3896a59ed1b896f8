/** What `DeliveryStatusLogging` calls protocols, and how the attributes of a topic begin. */
export const loggedProtocols: Readonly<Record<string, string>> = {
  application: 'Application',
  firehose: 'Firehose',
  'http/s': 'HTTP',
  lambda: 'Lambda',
  sqs: 'SQS',
};

/** What properties that went from a template fall back to, where an empty value does not say it. */
export const defaults: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  FifoThroughputScope: 'Topic',
  MaximumMessageSize: '262144',
  SignatureVersion: '1',
  TracingConfig: 'PassThrough',
};
