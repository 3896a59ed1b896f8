import { DEFAULT_MAX_CAPACITY } from '../instances/instance-rules';
import { queueWorkersFailures } from '../queue-workers/queue-workers-rules';
import { isKnown } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import type { InstanceWriteBufferProps } from './instance-write-buffer-props';
import { ShippedProgram } from './shipped-program';
import { writeBufferFailures } from './write-buffer-rules';

/** Every mistake in the props, those of the sink, of the queue to be made and of the instances included. */
export function instanceWriteBufferFailures(props: InstanceWriteBufferProps): string[] {
  const { sink, vpc } = props;
  const maxCapacity = mostInstances(props);
  const ofInstances = queueWorkersFailures({
    ...props,
    maxCapacity,
    program: new ShippedProgram('', {}),
  });
  return [
    ...writeBufferFailures(props),
    // The rule on the topic is one of the queue, too.
    ...ofInstances.filter((failure) => failure !== ALARM_TOPIC_RULE.message(props)),
    ...(sink.onInstances === undefined
      ? ['sink: a function does not run on instances: use a WriteBuffer, or another sink']
      : sink.onInstances.validate(vpc).map((failure) => `sink: ${failure}`)),
    ...(isKnown(sink.maxConcurrency) && isKnown(maxCapacity) && maxCapacity > sink.maxConcurrency
      ? [
          `maxCapacity must not be above what the sink bears (${sink.maxConcurrency}), got ${maxCapacity}: each instance writes over a connection of its own`,
        ]
      : []),
  ];
}

/** The most instances that there may be. */
export function mostInstances({ maxCapacity, sink }: InstanceWriteBufferProps): number {
  return maxCapacity ?? Math.min(DEFAULT_MAX_CAPACITY, sink.maxConcurrency ?? DEFAULT_MAX_CAPACITY);
}
