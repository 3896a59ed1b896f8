/**
 * What a recorded resource answers for a property that the template leaves out, or for an attribute:
 * text with placeholders, or a list of such texts.
 *
 * Placeholders: `{hex}` 17 hexadecimal digits, `{uuid}`, `{name}` a generated physical name,
 * `{byte}` 0 to 255, `{time}` when it was created, `{account}`, `{region}`, `{stack}`, `{logicalId}`, and `{Property}` any property or
 * value before it.
 */
export type RecordedValue = string | readonly string[];

/** A resource type that is validated and kept, has its Ref and attributes, and does nothing. */
export interface RecordedType {
  readonly type: string;
  /** By name of the property or attribute; `Ref` where the schema's identifier is not what AWS returns. */
  readonly values: Readonly<Record<string, RecordedValue>>;
}

/**
 * All recorded types. A service that has a provider of its own for a type takes its place.
 *
 * `GetAtt` of an attribute that is neither here nor a property that the template sets is refused.
 */
export const recordedTypes: readonly RecordedType[] = [
  recorded('AWS::ApplicationAutoScaling::ScalableTarget', {
    Id: '{ResourceId}|{ScalableDimension}|{ServiceNamespace}',
  }),
  recorded('AWS::ApplicationAutoScaling::ScalingPolicy', {
    Arn: 'arn:aws:autoscaling:{region}:{account}:scalingPolicy:{uuid}:policyName/{PolicyName}',
    Ref: '{Arn}',
  }),
  recorded('AWS::CDK::Metadata', { Ref: '{uuid}' }),
  recorded('AWS::CloudFormation::WaitConditionHandle', {
    Id: 'https://cloudformation-waitcondition-{region}.s3.amazonaws.com/{stack}/{logicalId}',
  }),
  recorded('AWS::CloudTrail::Trail', {
    TrailName: '{name}',
    Arn: 'arn:aws:cloudtrail:{region}:{account}:trail/{TrailName}',
  }),
  recorded('AWS::CloudWatch::AnomalyDetector', { Id: '{uuid}' }),
  recorded('AWS::CloudWatch::CompositeAlarm', {
    AlarmName: '{name}',
    Arn: 'arn:aws:cloudwatch:{region}:{account}:alarm:{AlarmName}',
  }),
  recorded('AWS::CloudWatch::Dashboard', { DashboardName: '{name}' }),
  recorded('AWS::EC2::FlowLog', { Id: 'fl-{hex}' }),
  recorded('AWS::EC2::VPCPeeringConnection', { Id: 'pcx-{hex}' }),
  recorded('AWS::ECR::Repository', {
    RepositoryName: '{name}',
    Arn: 'arn:aws:ecr:{region}:{account}:repository/{RepositoryName}',
    RepositoryUri: '{account}.dkr.ecr.{region}.amazonaws.com/{RepositoryName}',
  }),
  recorded('AWS::KinesisAnalyticsV2::Application', { ApplicationName: '{name}' }),
  recorded('AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption', { Ref: '{name}' }),
  recorded('AWS::KinesisVideo::Stream', {
    Name: '{name}',
    // AWS ends it with when the stream was made, in milliseconds.
    Arn: 'arn:aws:kinesisvideo:{region}:{account}:stream/{Name}/1577836800000',
  }),
  // A function that runs may not have layers: they are refused there, by name.
  recorded('AWS::Lambda::LayerVersion', {
    LayerName: '{name}',
    LayerVersionArn: 'arn:aws:lambda:{region}:{account}:layer:{LayerName}:1',
  }),
  recorded('AWS::Logs::QueryDefinition', { QueryDefinitionId: '{uuid}' }),
  recorded('AWS::Logs::ResourcePolicy', {}),
  recorded('AWS::OpenSearchServerless::AccessPolicy', { Ref: '{Type}|{Name}' }),
];

function recorded(type: string, values: Readonly<Record<string, RecordedValue>>): RecordedType {
  return { type, values };
}
