/** Type of an event, or of a family of events, that a configuration may name. */
export type EventType = import('@aws-sdk/client-s3').Event;

/** Types of events that happen here, without `s3:`, as records spell them. */
export type EmittedEvent =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated'
  | 'ObjectTagging:Put'
  | 'ObjectTagging:Delete'
  | 'LifecycleExpiration:Delete'
  | 'LifecycleExpiration:DeleteMarkerCreated';

/**
 * Every type that a configuration may name.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 */
const eventTypes: readonly EventType[] = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
  's3:ObjectTagging:*',
  's3:ObjectTagging:Put',
  's3:ObjectTagging:Delete',
  's3:LifecycleExpiration:*',
  's3:LifecycleExpiration:Delete',
  's3:LifecycleExpiration:DeleteMarkerCreated',
  // What may happen to an object on AWS, and never does here.
  's3:IntelligentTiering',
  's3:LifecycleTransition',
  's3:ObjectAcl:Put',
  's3:ObjectAnnotation:*',
  's3:ObjectAnnotation:Delete',
  's3:ObjectAnnotation:Put',
  's3:ObjectCreated:Post',
  's3:ObjectRestore:*',
  's3:ObjectRestore:Completed',
  's3:ObjectRestore:Delete',
  's3:ObjectRestore:Post',
  's3:ObjectRetention:Put',
  's3:ReducedRedundancyLostObject',
  's3:Replication:*',
  's3:Replication:OperationFailedReplication',
  's3:Replication:OperationMissedThreshold',
  's3:Replication:OperationNotTracked',
  's3:Replication:OperationReplicatedAfterThreshold',
];

/** The type of that name; undefined if there is none. */
export function eventTypeNamed(name: string): EventType | undefined {
  return eventTypes.find((type) => type === name);
}

/** Whether a configuration for `type` is told of an event. */
export function includesEvent(type: EventType, event: EmittedEvent): boolean {
  return covers(type, `s3:${event}`);
}

/** Whether there are events that belong to both types. */
export function shareEvents(a: EventType, b: EventType): boolean {
  return covers(a, b) || covers(b, a);
}

function covers(type: string, other: string): boolean {
  return type === other || (type.endsWith('*') && other.startsWith(type.slice(0, -1)));
}
