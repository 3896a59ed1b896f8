import type { CfnResource } from 'aws-cdk-lib';
import { NagMessageLevel, NagPack, type NagPackProps } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { AMAZON_MQ_RULES } from './amazon-mq-rules';

/**
 * Rules of cdk-nag for brokers of Amazon MQ, of which its own packs have none. They are for any app, with or without constructs of this package.
 *
 * | rule | finds |
 * |---|---|
 * | `AmazonMQ-MQ1` | brokers that are publicly accessible |
 * | `AmazonMQ-MQ2` | brokers without logs: general, and of ActiveMQ audit |
 * | `AmazonMQ-MQ3` | brokers that are not kept at the newest patch |
 * | `AmazonMQ-MQ4` | active/standby pairs whose storage is not EFS |
 * | `AmazonMQ-MQ5` | versions whose support has ended |
 *
 * @example
 * Validations.of(app).addPlugins(new AmazonMqChecks(app));
 */
export class AmazonMqChecks extends NagPack {
  public readonly name = 'AmazonMQ';

  constructor(scope?: IConstruct, props?: NagPackProps) {
    super(scope, props);
    this.packName = 'AmazonMQ';
  }

  protected checkResource(node: CfnResource): void {
    for (const { explanation, id, info, rule } of AMAZON_MQ_RULES) {
      this.applyRule({
        ruleSuffixOverride: id,
        info,
        explanation,
        level: NagMessageLevel.ERROR,
        rule,
        node,
      });
    }
  }
}
