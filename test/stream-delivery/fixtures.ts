import { App, type Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  Destination,
  PropsValidationError,
  type S3DestinationOptions,
  StreamDelivery,
  type StreamDeliveryProps,
} from 'cdk-decouple';

/** A delivery to a bucket. */
export function stackWith(
  props: Partial<StreamDeliveryProps> = {},
  s3Options: Partial<S3DestinationOptions> = {},
) {
  const stack = new Stack(new App(), 'Test');
  const bucket = new s3.Bucket(stack, 'Bucket');
  const delivery = new StreamDelivery(stack, 'Clicks', {
    destination: Destination.s3({ bucket, ...s3Options }),
    ...props,
  });
  return { stack, bucket, delivery };
}

export const templateWith = (...of: Parameters<typeof stackWith>) =>
  Template.fromStack(stackWith(...of).stack);

/** What is said about wrong props; nothing if they are right. */
export function failuresOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof PropsValidationError) return error.failures;
    throw error;
  }
  return [];
}

export function functionIn(stack: Stack, timeout?: Duration): lambda.Function {
  return new lambda.Function(stack, 'Transform', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async ({ records }) => ({ records });'),
    timeout,
  });
}

/** The one delivery stream of a template: its properties. */
export function deliveryStreamOf(template: Template) {
  const [resource] = Object.values(template.findResources('AWS::KinesisFirehose::DeliveryStream'));
  return resource?.Properties;
}

/** What the one delivery stream of a template writes to its bucket. */
export const s3Of = (template: Template) =>
  deliveryStreamOf(template).ExtendedS3DestinationConfiguration;
