/** What a configuration may hold of one of ActiveMQ's elements. */
export interface PermittedElement {
  readonly attributes: readonly string[];
  /** The elements that it may have in it, each with those that may stand in that. */
  readonly collections: Readonly<Record<string, readonly string[]>>;
}

const destination = 'DLQ physicalName';
const destinations = ['queue', 'tempQueue', 'tempTopic', 'topic'];
const authorization = 'admin queue read tempQueue tempTopic topic write';
const deadLetters =
  'enableAudit expiration maxAuditDepth maxProducersToAudit processExpired processNonPersistent';
const composite = 'concurrentSend copyMessage forwardOnly name sendWhenNotMatched';

/**
 * What Amazon MQ permits in a configuration of ActiveMQ. Anything else is taken out, with a warning.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/permitted-elements.html
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/permitted-attributes.html
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/permitted-collections.html
 */
export const permittedElements: Readonly<Record<string, PermittedElement>> = {
  abortSlowAckConsumerStrategy: element(
    'abortConnection checkPeriod ignoreIdleConsumers ignoreNetworkConsumers maxSlowCount maxSlowDuration maxTimeSinceLastAck name',
  ),
  abortSlowConsumerStrategy: element(
    'abortConnection checkPeriod ignoreNetworkConsumers maxSlowCount maxSlowDuration name',
  ),
  authorizationEntry: element(authorization),
  authorizationMap: element('', {
    authorizationEntries: ['authorizationEntry', 'tempDestinationAuthorizationEntry'],
    defaultEntry: ['authorizationEntry', 'tempDestinationAuthorizationEntry'],
    tempDestinationAuthorizationEntry: ['tempDestinationAuthorizationEntry'],
  }),
  authorizationPlugin: element('', { map: ['authorizationMap'] }),
  broker: element(
    'advisorySupport allowTempAutoCreationOnSend cacheTempDestinations consumerSystemUsagePortion dedicatedTaskRunner deleteAllMessagesOnStartup enableMessageExpirationOnActiveDurableSubs keepDurableSubsActive maxPurgedDestinationsPerSweep maxSchedulerRepeatAllowed monitorConnectionSplits networkConnectorStartAsync offlineDurableSubscriberTaskSchedule offlineDurableSubscriberTimeout persistenceThreadPriority persistent populateJMSXUserID producerSystemUsagePortion rejectDurableConsumers rollbackOnlyOnAsyncException schedulePeriodForDestinationPurge schedulerSupport splitSystemUsageForProducersConsumers taskRunnerPriority timeBeforePurgeTempDestinations useAuthenticatedPrincipalForJMSXUserID useMirroredQueues useTempMirroredQueues useVirtualDestSubs useVirtualDestSubsOnCreation useVirtualTopics',
    {
      destinationInterceptors: ['mirroredQueue', 'virtualDestinationInterceptor'],
      destinationPolicy: ['policyMap'],
      destinations,
      persistenceAdapter: ['kahaDB'],
      plugins: [
        'authorizationPlugin',
        'discardingDLQBrokerPlugin',
        'forcePersistencyModeBrokerPlugin',
        'redeliveryPlugin',
        'statisticsBrokerPlugin',
        'timeStampingBrokerPlugin',
      ],
      systemUsage: ['systemUsage'],
      transportConnectors: ['transportConnector'],
    },
  ),
  cachedMessageGroupMapFactory: element('cacheSize'),
  compositeQueue: element(composite, { forwardTo: [...destinations, 'filteredDestination'] }),
  compositeTopic: element(composite, { forwardTo: [...destinations, 'filteredDestination'] }),
  constantPendingMessageLimitStrategy: element('limit'),
  discarding: element(deadLetters),
  discardingDLQBrokerPlugin: element(
    'dropAll dropOnly dropTemporaryQueues dropTemporaryTopics reportInterval',
  ),
  fileCursor: element(''),
  fileDurableSubscriberCursor: element(''),
  fileQueueCursor: element(''),
  filteredDestination: element('queue selector topic'),
  fixedCountSubscriptionRecoveryPolicy: element('maximumSize'),
  fixedSizedSubscriptionRecoveryPolicy: element('maximumSize useSharedBuffer'),
  forcePersistencyModeBrokerPlugin: element('persistenceFlag'),
  individualDeadLetterStrategy: element(
    `${deadLetters} destinationPerDurableSubscriber queuePrefix queueSuffix topicPrefix topicSuffix useQueueForQueueMessages useQueueForTopicMessages`,
  ),
  kahaDB: element(
    'concurrentStoreAndDispatchQueues journalDiskSyncInterval journalDiskSyncStrategy',
  ),
  lastImageSubscriptionRecoveryPolicy: element(''),
  messageGroupHashBucketFactory: element('bucketCount cacheSize'),
  mirroredQueue: element('copyMessage postfix prefix'),
  noSubscriptionRecoveryPolicy: element(''),
  oldestMessageEvictionStrategy: element('evictExpiredMessagesHighWatermark'),
  oldestMessageWithLowestPriorityEvictionStrategy: element('evictExpiredMessagesHighWatermark'),
  policyEntry: element(
    'advisoryForConsumed advisoryForDelivery advisoryForDiscardingMessages advisoryForFastProducers advisoryForSlowConsumers advisoryWhenFull allConsumersExclusiveByDefault alwaysRetroactive blockedProducerWarningInterval consumersBeforeDispatchStarts cursorMemoryHighWaterMark doOptimzeMessageStorage durableTopicPrefetch enableAudit expireMessagesPeriod gcInactiveDestinations gcWithNetworkConsumers inactiveTimeoutBeforeGC inactiveTimoutBeforeGC includeBodyForAdvisory lazyDispatch maxAuditDepth maxBrowsePageSize maxDestinations maxExpirePageSize maxPageSize maxProducersToAudit maxQueueAuditDepth memoryLimit messageGroupMapFactoryType minimumMessageSize optimizedDispatch optimizeMessageStoreInFlightLimit persistJMSRedelivered prioritizedMessages producerFlowControl queue queueBrowserPrefetch queuePrefetch reduceMemoryFootprint sendAdvisoryIfNoConsumers sendFailIfNoSpace sendFailIfNoSpaceAfterTimeout storeUsageHighWaterMark strictOrderDispatch tempQueue tempTopic timeBeforeDispatchStarts topic topicPrefetch useCache useConsumerPriority usePrefetchExtension',
    {
      deadLetterStrategy: [
        'discarding',
        'individualDeadLetterStrategy',
        'sharedDeadLetterStrategy',
      ],
      destination: destinations,
      dispatchPolicy: [
        'priorityDispatchPolicy',
        'priorityNetworkDispatchPolicy',
        'roundRobinDispatchPolicy',
        'simpleDispatchPolicy',
        'strictOrderDispatchPolicy',
      ],
      messageEvictionStrategy: [
        'oldestMessageEvictionStrategy',
        'oldestMessageWithLowestPriorityEvictionStrategy',
        'uniquePropertyMessageEvictionStrategy',
      ],
      messageGroupMapFactory: [
        'cachedMessageGroupMapFactory',
        'messageGroupHashBucketFactory',
        'simpleMessageGroupMapFactory',
      ],
      pendingDurableSubscriberPolicy: [
        'fileDurableSubscriberCursor',
        'storeDurableSubscriberCursor',
        'vmDurableCursor',
      ],
      pendingMessageLimitStrategy: [
        'constantPendingMessageLimitStrategy',
        'prefetchRatePendingMessageLimitStrategy',
      ],
      pendingQueuePolicy: ['fileQueueCursor', 'storeCursor', 'vmQueueCursor'],
      pendingSubscriberPolicy: ['fileCursor', 'vmCursor'],
      slowConsumerStrategy: ['abortSlowAckConsumerStrategy', 'abortSlowConsumerStrategy'],
      subscriptionRecoveryPolicy: [
        'fixedCountSubscriptionRecoveryPolicy',
        'fixedSizedSubscriptionRecoveryPolicy',
        'lastImageSubscriptionRecoveryPolicy',
        'noSubscriptionRecoveryPolicy',
        'queryBasedSubscriptionRecoveryPolicy',
        'retainedMessageSubscriptionRecoveryPolicy',
        'timedSubscriptionRecoveryPolicy',
      ],
    },
  ),
  policyMap: element('', { defaultEntry: ['policyEntry'], policyEntries: ['policyEntry'] }),
  prefetchRatePendingMessageLimitStrategy: element('multiplier'),
  priorityDispatchPolicy: element(''),
  priorityNetworkDispatchPolicy: element(''),
  queryBasedSubscriptionRecoveryPolicy: element('query'),
  queue: element(destination),
  redeliveryPlugin: element('fallbackToDeadLetter sendToDlqIfMaxRetriesExceeded', {
    redeliveryPolicyMap: ['redeliveryPolicyMap'],
  }),
  redeliveryPolicy: element(
    'backOffMultiplier collisionAvoidancePercent initialRedeliveryDelay maximumRedeliveries maximumRedeliveryDelay preDispatchCheck queue redeliveryDelay tempQueue tempTopic topic useCollisionAvoidance useExponentialBackOff',
  ),
  redeliveryPolicyMap: element('', {
    defaultEntry: ['redeliveryPolicy'],
    redeliveryPolicyEntries: ['redeliveryPolicy'],
  }),
  retainedMessageSubscriptionRecoveryPolicy: element('', {
    wrapped: [
      'fixedCountSubscriptionRecoveryPolicy',
      'fixedSizedSubscriptionRecoveryPolicy',
      'lastImageSubscriptionRecoveryPolicy',
      'noSubscriptionRecoveryPolicy',
      'queryBasedSubscriptionRecoveryPolicy',
      'timedSubscriptionRecoveryPolicy',
    ],
  }),
  roundRobinDispatchPolicy: element(''),
  sharedDeadLetterStrategy: element(deadLetters, { deadLetterQueue: destinations }),
  simpleDispatchPolicy: element(''),
  simpleMessageGroupMapFactory: element(''),
  statisticsBrokerPlugin: element(''),
  storeCursor: element(''),
  storeDurableSubscriberCursor: element('immediatePriorityDispatch useCache'),
  strictOrderDispatchPolicy: element(''),
  systemUsage: element('sendFailIfNoSpace sendFailIfNoSpaceAfterTimeout'),
  tempDestinationAuthorizationEntry: element(authorization),
  tempQueue: element(destination),
  tempTopic: element(destination),
  timeStampingBrokerPlugin: element(
    'futureOnly processNetworkMessages ttlCeiling zeroExpirationOverride',
  ),
  timedSubscriptionRecoveryPolicy: element('recoverDuration zeroExpirationOverride'),
  topic: element(destination),
  transportConnector: element(
    'name rebalanceClusterClients updateClusterClients updateClusterClientsOnRemove',
  ),
  uniquePropertyMessageEvictionStrategy: element('evictExpiredMessagesHighWatermark propertyName'),
  virtualDestinationInterceptor: element('', {
    virtualDestinations: ['compositeQueue', 'compositeTopic', 'virtualTopic'],
  }),
  virtualTopic: element(
    'concurrentSend dropOnResourceLimit local name postfix prefix selectorAware setOriginalDestination transactedSend',
  ),
  vmCursor: element(''),
  vmDurableCursor: element(''),
  vmQueueCursor: element(''),
};

function element(
  attributes: string,
  collections: PermittedElement['collections'] = {},
): PermittedElement {
  return { attributes: attributes.split(' ').filter(Boolean), collections };
}
