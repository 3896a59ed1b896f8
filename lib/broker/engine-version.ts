/** The two engines of Amazon MQ, as CloudFormation calls them. */
export type BrokerEngine = 'ACTIVEMQ' | 'RABBITMQ';

/**
 * A version of ActiveMQ, as Amazon MQ has them: major and minor. Amazon MQ keeps brokers at the newest patch by itself.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-version-management.html
 */
export class ActiveMqVersion {
  /** ActiveMQ 5.18. */
  public static readonly V5_18 = new ActiveMqVersion('5.18');
  /** ActiveMQ 5.19. */
  public static readonly V5_19 = new ActiveMqVersion('5.19');

  /**
   * A version that this package does not know yet. What goes with it is not checked; one whose support has ended is refused.
   *
   * @param version - such as `5.20`
   */
  public static of(version: string): ActiveMqVersion {
    return new ActiveMqVersion(version);
  }

  private constructor(
    /** Such as `5.19`. */
    public readonly version: string,
  ) {}
}

/**
 * A version of RabbitMQ, as Amazon MQ has them: major and minor. Amazon MQ keeps brokers at the newest patch by itself.
 *
 * There is no way from 3.13 to 4 but another broker.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-version-management.html
 */
export class RabbitMqVersion {
  /** RabbitMQ 3.13: the last that runs on `mq.t3` and `mq.m5`. */
  public static readonly V3_13 = new RabbitMqVersion('3.13');
  /** RabbitMQ 4.2, on `mq.m7g` only. Queues are quorum queues unless they say otherwise. */
  public static readonly V4_2 = new RabbitMqVersion('4.2');
  /** RabbitMQ 4.3, on `mq.m7g` only. */
  public static readonly V4_3 = new RabbitMqVersion('4.3');

  /**
   * A version that this package does not know yet. What goes with it is not checked; one whose support has ended is refused.
   *
   * @param version - such as `4.4`
   */
  public static of(version: string): RabbitMqVersion {
    return new RabbitMqVersion(version);
  }

  private constructor(
    /** Such as `4.2`. */
    public readonly version: string,
  ) {}
}
