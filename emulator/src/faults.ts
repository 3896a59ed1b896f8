import type { Composition } from './composition';
import type { TableLatencyFault, TableThrottleFault } from './services/dynamodb';
import type { InstanceFaults, ZoneFaults } from './services/ec2';
import type { BrokerFaults } from './services/mq';
import type { DatabaseFaults } from './services/rds';
import type {
  EndFault,
  FaultTarget,
  LatencyFault,
  StandardQueueFault,
  ThrottleFault,
} from './services/sqs';

/** What may go wrong on AWS, done on purpose. Every fault is drawn from the emulator's seed. */
export class Faults {
  constructor(private readonly services: Composition) {}

  /**
   * Makes standard queues do what they may: deliver a message twice, and in any order.
   *
   * @returns the function that ends it
   */
  standardQueue(fault: StandardQueueFault): EndFault {
    return this.services.sqs.faults.standardQueue(named(fault));
  }

  /** Makes calls to queues fail with `RequestThrottled`. */
  throttleQueue(fault: ThrottleFault): EndFault {
    return this.services.sqs.faults.throttle(named(fault));
  }

  /** Makes calls to queues take emulated time. */
  queueLatency(fault: LatencyFault): EndFault {
    return this.services.sqs.faults.latency(named(fault));
  }

  /**
   * Makes calls to tables of DynamoDB fail with `ProvisionedThroughputExceededException`. A batch returns the items that
   * were throttled as unprocessed.
   *
   * @returns the function that ends it
   */
  throttleTable(fault: TableThrottleFault = {}): EndFault {
    return this.services.dynamoDb.faults.throttle(fault);
  }

  /** Makes calls to tables of DynamoDB take emulated time before they do anything. */
  tableLatency(fault: TableLatencyFault): EndFault {
    return this.services.dynamoDb.faults.latency(fault);
  }

  /**
   * The server of a database, to be stopped, started or killed.
   *
   * @param identifier - identifier or ARN of an instance or cluster. @default - the only database there is
   * @throws Error if there is none, or several that fit.
   */
  database(identifier?: string): DatabaseFaults {
    return this.services.rds.faults.database(identifier);
  }

  /**
   * The processes of a broker of Amazon MQ, to be killed, cut off or deprived of their zone or storage.
   *
   * @param broker - its id, name or ARN. @default - the only broker there is
   * @throws Error if there is none, or several that fit.
   */
  broker(broker?: string): BrokerFaults {
    return this.services.mq.faults(broker);
  }

  /**
   * Kills every running environment of a function in the middle of what it does, as a fault of its machine would.
   *
   * @param functionArn - its ARN
   * @throws ServiceError `ResourceNotFoundException` if there is none.
   */
  killFunction(functionArn: string): Promise<void> {
    return this.services.lambda.kill(functionArn);
  }

  /**
   * The machine of an EC2 instance, to be killed, frozen or thawed. Its status checks fail within a minute of emulated
   * time, and Auto Scaling replaces it.
   *
   * @param id - such as `i-0123456789abcdef0`
   * @throws Error if there is no such instance, or it does not run.
   */
  instance(id: string): InstanceFaults {
    return this.services.ec2.faults.instance(id);
  }

  /**
   * An availability zone, to be lost with every instance in it, and recovered.
   *
   * @param name - such as `us-east-1a`
   */
  zone(name: string): ZoneFaults {
    return this.services.ec2.faults.zone(name);
  }

  /** Holds FIFO queues to 300 calls a second for each API action, as AWS does unless high throughput is on. */
  fifoThroughput(fault: FaultTarget = {}): EndFault {
    return this.services.sqs.faults.fifoThroughput(named(fault));
  }
}

/** A target may name its queue by URL as well. */
function named<T extends FaultTarget>(fault: T): T {
  return fault.queue?.includes('/') ? { ...fault, queue: fault.queue.split('/').at(-1) } : fault;
}
