import type { NotesByService } from './notes';

/** Stacks, identities, keys, settings and what is observed. */
export const management: NotesByService = {
  cloudformation: {
    title: 'AWS CloudFormation',
    text: `Stacks are created, updated and deleted, through change sets or without, or by \`aws.deploy\`: intrinsic functions, conditions, parameters, rules, mappings,
exports, \`Fn::GetStackOutput\`, dynamic references, nested stacks and their change sets, custom resources, rollback, deletion policies. What a template may hold is in [resource types](resource-types.md); everything wrong or
unsupported in it is named at once, before anything is created; types that AWS publishes and the emulator lacks can be recorded (\`allowRecorded\`). Resources are
stable as soon as they are there, so that the express mode differs in one thing: failures are not rolled back. AWS does not document what \`Fn::GetStackOutput\`
answers for a stack or an output that there is not; here the deployment is refused, naming it. Queues, buckets, tables, functions, roles, parameters, log groups and alarms can be
imported, by name or automatically (not into nested stacks); they stay as they are, tags of the stack included. Refused: macros and \`Fn::ForEach\`; of the transforms, \`AWS::LanguageExtensions\` is there.

\`NotificationARNs\` get every event of a stack, in AWS's form, from whoever works on the stack: its role, else the caller. A topic that is not there, or
does not let that principal publish, is refused when the call is made; what a topic does not take later, its key included, is lost, and the journal has a hop \`failed\`
at the topic with the reason. What AWS does not say: a call that changes nothing but the topics is an update here, and they stay when that update is rolled back.

Functions behind custom resources run like any other, and so do those of aws-cdk-lib that are written for Node.js: \`AwsCustomResource\`, the \`Provider\`
framework (without \`isComplete\`, for which it makes a state machine), \`Trigger\`, \`LogRetention\`, references across regions, \`autoDeleteObjects\`. One that
throws before it has answered fails its resource at once, for which AWS would take the whole service time-out. Those that are written in Python cannot, and are not needed: what they do for
\`Custom::CDKBucketDeployment\` (\`BucketDeployment\`, but for its CloudFront distribution) and \`Custom::S3BucketNotifications\`
(\`bucket.addEventNotification\`) the emulator does itself, with their role, for the same events, and answers as they would. Such a function is
recorded if nothing else in its template could have it run: who invokes it is told so, \`cdk deploy --hotswap\` of a changed \`BucketDeployment\` too.
Where a deployment to a bucket fails, its reason also has what on AWS only the function's log has. The AWS CLI's layer is recorded.

Drift detection finds what somebody has changed or deleted behind a stack's back. As on AWS it compares what the template sets, and not what it
leaves open, nor passwords, code and \`KmsKeyId\`; a nested stack is one resource, and its own resources are checked by a detection of its own.
Every emulated type has it but \`AWS::IAM::Policy\`, \`AWS::SNS::TopicPolicy\` and \`AWS::SQS::QueuePolicy\`, which have none on AWS either, and
custom resources. Of the recorded types networks have it, too; the resources of all others are \`NOT_CHECKED\`. A detection is done by the time its status is asked for, and its findings are forgotten
when the stack is worked on.`,
  },
  iam: {
    title: 'AWS Identity and Access Management',
    module: 'aws-cdk-lib/aws-iam',
    text: `Roles, managed policies and instance profiles. Every operation of every service asks whether its caller may, and
the answer is that of the policies: [access](../access.md) has the rules. Policies are checked for form when they are put; whether a principal
that one names exists is not checked. Of the policies that AWS manages there are those that the supported
services need. Refused: users, groups, access keys, federation.`,
  },
  kms: {
    title: 'AWS Key Management Service',
    module: 'aws-cdk-lib/aws-kms',
    text: `Symmetric keys, encrypting with real AES-256-GCM. Key policies decide, IAM's only where they
delegate to the account, and grants count at once. A key keeps its key material:
rotation is only shown. Refused: asymmetric, HMAC, multi-Region and imported keys, custom key stores.`,
  },
  logs: {
    title: 'Amazon CloudWatch Logs',
    module: 'aws-cdk-lib/aws-logs',
    text: `Log groups and streams, and what functions print to them. A key of one's own has to be usable by \`logs.<region>.amazonaws.com\` with the group's ARN as encryption context: when it is
associated, whenever events are written and whenever they are read, also when the group has no key any more. Events are not encrypted. Associations are in effect at once, not within five
minutes. AWS documents neither the error for reading what a disabled key encrypted nor what becomes of events that are written meanwhile: here reading and \`PutLogEvents\` fail as
\`AssociateKmsKey\` does, and what services write is lost. Refused: subscriptions, Insights queries, log transformers.

Filter patterns are those of AWS's documentation: terms, JSON, space-delimited fields, regular expressions; it does not say that the last of some fields has the rest of a message, but its examples do.
Metric filters count what is written from when they are made on, in the minute of an event's own timestamp; the default value is there once the minute has passed. Of events that match but have no number
where the value is to be, or lack a field that is a dimension, nothing is counted, and no filter is switched off for having too many dimensions: AWS documents neither in full. Some of the texts of refusals are ours.`,
  },
  monitoring: {
    title: 'Amazon CloudWatch',
    module: 'aws-cdk-lib/aws-cloudwatch',
    text: `Metrics and alarms. SQS, SNS, EventBridge and Lambda publish what AWS documents, in its namespaces, with its dimensions, once a minute, and DynamoDB its
\`ThrottledRequests\`; what functions and clients log in the embedded metric format becomes metrics. Nothing is late, so
that an alarm sees a minute as soon as it is over. An alarm is evaluated every whole minute (every ten seconds if its periods are shorter) on the emulator's clock, and
tells topics, functions and scaling policies, as \`cloudwatch.amazonaws.com\` and \`lambda.alarms.cloudwatch.amazonaws.com\`, whom their policies must admit. What came of an action is
in the alarm's history.

- Datapoints are put together by period as they come, and then kept and rolled up as on AWS: seconds for 3 hours, minutes for 15 days, five minutes for 63 days, hours for 455.
- Percentiles are exact up to 1,000 different values of a metric in a minute; beyond, to 1%.
- Where data are missing an alarm looks two periods further back than its evaluation periods: AWS documents the one example of five for three.
  Where the only data are breaching but too young to tell, an alarm keeps its state, for which AWS's tables have no row.
- Of Lambda there are \`Invocations\`, \`Errors\`, \`Throttles\`, \`Duration\`, \`ConcurrentExecutions\` and, of streams, \`IteratorAge\`, by function and for all together; not by version or alias.
  A batch to DynamoDB counts each of its throttled items.
- Expressions: arithmetic, comparison, \`&&\`, \`||\`, \`AVG\`, \`FILL\`, \`IF\`, \`MAX\`, \`METRICS\`, \`MIN\`, \`PERIOD\`, \`RATE\`, \`SUM\`; metrics of one expression have the same period.
- A scaling policy is run every minute while its alarm stays in the state; the history has the first time.
- An idle queue that is used again publishes at once, for which AWS may take 15 minutes.

Refused: other functions, Metrics Insights, trimmed statistics, anomaly detection, composite alarms (recorded in templates), other actions, dashboards (recorded in templates), metric streams, other accounts' metrics.`,
  },
  secretsmanager: {
    title: 'AWS Secrets Manager',
    module: 'aws-cdk-lib/aws-secretsmanager',
    text: `Values with their version stages, generated passwords, and attachment to databases. Refused: rotation and replication. A rotation
schedule in a template is recorded: no secret is ever rotated.`,
  },
  ssm: {
    title: 'AWS Systems Manager',
    module: 'aws-cdk-lib/aws-ssm',
    text: `Parameter Store, \`SecureString\` included. Of AWS's public parameters there are the latest Amazon Linux images, with ids that are made up.
Refused: labels, parameter policies, and all of Systems Manager besides.`,
  },
  sts: {
    title: 'AWS Security Token Service',
    text: `Who calls, and sessions of roles. Trust policies decide who may assume a role; sessions may be limited by policies, and carry tags. A session ends in emulated
time: from then on its credentials are answered by \`ExpiredToken\`. Refused: transitive tags, source identities, MFA, federation, web identities.`,
  },
};
