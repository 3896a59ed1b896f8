import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnStream } from 'aws-cdk-lib/aws-kinesisvideo';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { failuresOf, isKnown, knownSeconds, throwIfAny, type ValidationRule } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import { type VideoIngestAlarms, videoAlarms } from './video-ingest-alarms';

const HOUR = 3_600;
const MOST_HOURS = 87_600;

/** What a {@link VideoIngest} can be told. */
export interface VideoIngestProps {
  /**
   * Name of the stream: up to 256 letters, digits, hyphens, underscores and full stops. A named stream cannot be replaced.
   *
   * @default - a name made by CloudFormation
   */
  readonly streamName?: string;

  /**
   * How long video is kept: up to 10 years, in whole hours. With none at all it can be watched live only.
   *
   * @default Duration.hours(24)
   */
  readonly retentionPeriod?: Duration;

  /**
   * What is in it, such as `video/h264` or `video/h265,audio/aac`.
   *
   * @default 'video/h264'
   */
  readonly mediaType?: string;

  /**
   * A KMS key of your own.
   *
   * @default - encrypted with the key that Kinesis Video Streams manages
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the stream, and of the video in it, when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}

/** What Kinesis Video Streams would refuse. https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_CreateStream.html */
const RULES: ReadonlyArray<ValidationRule<VideoIngestProps>> = [
  {
    fails: ({ streamName }) => isKnown(streamName) && !/^[a-zA-Z0-9_.-]{1,256}$/.test(streamName),
    message: ({ streamName }) =>
      `streamName must be 1 to 256 letters, digits, hyphens, underscores and full stops, got '${streamName}'`,
  },
  {
    fails: ({ retentionPeriod }) => {
      const hours = (knownSeconds(retentionPeriod) ?? 0) / HOUR;
      return !Number.isInteger(hours) || hours > MOST_HOURS;
    },
    message: ({ retentionPeriod }) =>
      `retentionPeriod must be up to 87,600 whole hours, got ${knownSeconds(retentionPeriod)} seconds`,
  },
  {
    fails: ({ mediaType }) =>
      isKnown(mediaType) &&
      (mediaType.length > 128 || !/^[\w\-.+]+\/[\w\-.+]+(,[\w\-.+]+\/[\w\-.+]+)*$/.test(mediaType)),
    message: ({ mediaType }) =>
      `mediaType must be one or several media types with commas between them, up to 128 characters, got '${mediaType}'`,
  },
  ALARM_TOPIC_RULE,
];

/**
 * Video of cameras, taken in and kept: a stream of Kinesis Video Streams.
 *
 * @example
 * const gate = new VideoIngest(this, 'Gate', { retentionPeriod: Duration.days(7) });
 * gate.grantIngest(camera);
 * gate.grantPlayback(guard);
 */
export class VideoIngest extends Construct {
  /** The stream. */
  public readonly stream: CfnStream;

  /** Its ARN. */
  public readonly streamArn: string;

  /** Its name. */
  public readonly streamName: string;

  /** Its alarms. */
  public readonly alarms: VideoIngestAlarms;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: VideoIngestProps = {},
  ) {
    throwIfAny(scope, id, VideoIngest.name, failuresOf(props, RULES));
    super(scope, id);
    const { alarmTopic, encryptionKey, mediaType, removalPolicy, streamName } = props;
    this.stream = new CfnStream(this, 'Resource', {
      name: streamName,
      dataRetentionInHours: (props.retentionPeriod ?? Duration.hours(24)).toHours(),
      mediaType: mediaType ?? 'video/h264',
      kmsKeyId: encryptionKey?.keyArn,
    });
    this.stream.applyRemovalPolicy(removalPolicy ?? RemovalPolicy.RETAIN);
    this.streamArn = this.stream.attrArn;
    this.streamName = this.stream.ref;
    this.alarms = videoAlarms(this, this.streamName);
    if (alarmTopic !== undefined) {
      const { errors, latency } = this.alarms;
      notifyOn(this, alarmTopic, [errors, latency]);
    }
  }

  /**
   * Lets a camera send video, and use the stream's key for it.
   *
   * @see https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/how-iam.html
   */
  public grantIngest(grantee: iam.IGrantable): iam.Grant {
    this.props.encryptionKey?.grant(grantee, 'kms:GenerateDataKey');
    return this.grant(
      grantee,
      'kinesisvideo:DescribeStream',
      'kinesisvideo:GetDataEndpoint',
      'kinesisvideo:PutMedia',
    );
  }

  /** Lets a principal watch live and what was kept, take clips and images, and use the stream's key for it. */
  public grantPlayback(grantee: iam.IGrantable): iam.Grant {
    this.props.encryptionKey?.grant(grantee, 'kms:Decrypt');
    return this.grant(
      grantee,
      'kinesisvideo:DescribeStream',
      'kinesisvideo:GetDataEndpoint',
      'kinesisvideo:GetMedia',
      'kinesisvideo:ListFragments',
      'kinesisvideo:GetMediaForFragmentList',
      'kinesisvideo:GetHLSStreamingSessionURL',
      'kinesisvideo:GetDASHStreamingSessionURL',
      'kinesisvideo:GetClip',
      'kinesisvideo:GetImages',
    );
  }

  private grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.streamArn] });
  }
}
