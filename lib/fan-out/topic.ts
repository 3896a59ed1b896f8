import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { FanOutProps } from './fan-out-props';

/** Makes the topic of a fan-out. */
export function makeTopic(scope: Construct, props: FanOutProps): sns.Topic {
  const { contentBasedDeduplication, encryptionKey, fifo, maxMessageSizeBytes, topicName } = props;
  const topic = new sns.Topic(scope, 'Topic', {
    topicName,
    fifo,
    contentBasedDeduplication,
    fifoThroughputScope:
      fifo === true
        ? (props.fifoThroughputScope ?? sns.FifoThroughputScope.MESSAGE_GROUP)
        : undefined,
    masterKey: encryptionKey,
    enforceSSL: true,
    // Receivers can check who signed by SHA-256; version 1 is SHA-1.
    signatureVersion: '2',
  });
  const resource = topic.node.defaultChild;
  if (maxMessageSizeBytes !== undefined && resource instanceof sns.CfnTopic) {
    resource.maximumMessageSize = maxMessageSizeBytes;
  }
  return topic;
}
