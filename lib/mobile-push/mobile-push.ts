import { Aws, CustomResource, Duration, Names, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { descriptionOf } from '../shipped-functions/descriptions';
import { grantReadSecret } from '../shipped-functions/secret-access';
import { shippedCode } from '../shipped-functions/shipped-code';
import { failuresOf, throwIfAny } from '../validation';
import type { ApplicationProperties } from './application-properties';
import { deliveryLogsRole } from './delivery-logs-role';
import { type MobilePushAlarms, mobilePushAlarms } from './mobile-push-alarms';
import type { MobilePushProps } from './mobile-push-props';
import { MOBILE_PUSH_RULES } from './mobile-push-rules';

const TIMEOUT = Duration.seconds(30);
/** CloudFormation waits an hour by default for a function that never answers. */
const PATIENCE = Duration.minutes(5);
const LONGEST_MADE_NAME = 64;

/**
 * An app at a push service, for which SNS keeps the devices and to which it pushes: a platform application.
 *
 * CloudFormation has no type for it. A function of this package makes it, and reads the credentials from Secrets Manager
 * itself: they are never in the template, in properties or in logs.
 *
 * @example
 * const push = new MobilePush(this, 'Push', { platform: PushPlatform.fcm({ serviceAccountKey }) });
 * push.grantCreateEndpoint(registration);
 * push.grantPublish(shop);
 */
export class MobilePush extends Construct {
  /** ARN of the platform application; known once it has been made. */
  public readonly platformApplicationArn: string;

  /** Name of the platform application. */
  public readonly applicationName: string;

  /** Its alarms. */
  public readonly alarms: MobilePushAlarms;

  private readonly platformName: string;

  constructor(scope: Construct, id: string, props: MobilePushProps) {
    const { platform } = props;
    throwIfAny(scope, id, MobilePush.name, [
      ...platform.failures,
      ...failuresOf(props, MOBILE_PUSH_RULES),
    ]);
    super(scope, id);
    this.platformName = platform.name;
    this.applicationName =
      props.applicationName ??
      Names.uniqueResourceName(this, { maxLength: LONGEST_MADE_NAME, separator: '-' });
    const logsRole =
      props.deliveryLogs === false
        ? undefined
        : deliveryLogsRole(this, `${platform.name}/${this.applicationName}`);
    const properties: ApplicationProperties = {
      Name: this.applicationName,
      Platform: platform.name,
      SecretArn: platform.secret.secretArn,
      Source: platform.source,
      Attributes: {
        ...platform.attributes,
        ...eventAttributes(props.eventTopic),
        ...feedbackAttributes(logsRole, props.successFeedbackSampleRate),
      },
      ...(props.secretVersion !== undefined && { SecretVersion: props.secretVersion }),
    };
    const application = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::PushApplication',
      serviceToken: this.handler(props, logsRole).functionArn,
      serviceTimeout: PATIENCE,
      properties: { ...properties },
    });
    // What SNS writes its logs as must be able to before the first push.
    if (logsRole !== undefined) application.node.addDependency(logsRole);
    this.platformApplicationArn = application.ref;
    this.alarms = mobilePushAlarms(this, this.applicationName, platform.name);
    if (props.alarmTopic !== undefined) notifyOn(this, props.alarmTopic, [this.alarms.failed]);
  }

  /**
   * Lets a principal register devices, by the token that their app got from the push service.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/mobile-push-send-devicetoken.html
   */
  public grantCreateEndpoint(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['sns:CreatePlatformEndpoint'],
      resourceArns: [this.platformApplicationArn],
    });
  }

  /** Lets a principal push to each device of this application, not to those of others. */
  public grantPublish(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['sns:Publish'],
      resourceArns: [
        Stack.of(this).formatArn({
          service: 'sns',
          resource: 'endpoint',
          resourceName: `${this.platformName}/${this.applicationName}/*`,
        }),
      ],
    });
  }

  /** The function that makes, changes and deletes the application, with a role of its own. */
  private handler(props: MobilePushProps, logsRole: iam.Role | undefined): lambda.Function {
    const role = new iam.Role(this, 'HandlerRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroup = new logs.LogGroup(this, 'HandlerLogs', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
    });
    logGroup.grantWrite(role);
    role.addToPolicy(
      new iam.PolicyStatement({ actions: ['sns:CreatePlatformApplication'], resources: ['*'] }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: [
          'sns:GetPlatformApplicationAttributes',
          'sns:SetPlatformApplicationAttributes',
          'sns:DeletePlatformApplication',
        ],
        // Not of this name only: when the name changes, the old application is deleted after the policy has changed.
        resources: [`arn:${Aws.PARTITION}:sns:*:*:app/*`],
      }),
    );
    logsRole?.grantPassRole(role);
    grantReadSecret(role, props.platform.secret);
    const fn = new lambda.Function(this, 'Handler', {
      description: descriptionOf(this, 'makes the platform application'),
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: shippedCode('mobile-push'),
      timeout: TIMEOUT,
      memorySize: 256,
      role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
    });
    acknowledge(role, fn);
    return fn;
  }
}

function eventAttributes(eventTopic: sns.ITopic | undefined): Record<string, string> {
  if (eventTopic === undefined) return {};
  const { topicArn } = eventTopic;
  return {
    EventEndpointCreated: topicArn,
    EventEndpointDeleted: topicArn,
    EventEndpointUpdated: topicArn,
    EventDeliveryFailure: topicArn,
  };
}

function feedbackAttributes(role: iam.Role | undefined, sampleRate = 0): Record<string, string> {
  if (role === undefined) return {};
  return {
    SuccessFeedbackRoleArn: role.roleArn,
    FailureFeedbackRoleArn: role.roleArn,
    SuccessFeedbackSampleRate: String(sampleRate),
  };
}

function acknowledge(role: iam.Role, fn: lambda.Function): void {
  Validations.of(role).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'CreatePlatformApplication has no resource to name, nor has X-Ray.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sns:*:*:app/*]',
      reason:
        'When the name changes, the application of the old name is deleted after the policy has changed.',
    },
  );
  Validations.of(fn).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason:
      'CloudFormation waits for the answer and fails the deployment without it: there is nothing to keep.',
  });
}
