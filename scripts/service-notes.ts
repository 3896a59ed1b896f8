/** What a person should know of a service beyond its list of operations. */
export interface ServiceNotes {
  /** Its name as AWS writes it. */
  readonly title: string;
  /** Module of aws-cdk-lib with its resource types; without one if none of its resources is emulated. */
  readonly module?: string;
  /** Markdown. */
  readonly text: string;
}

/** Notes by the service's name in credential scopes. */
export const serviceNotes: Readonly<Record<string, ServiceNotes>> = {
  autoscaling: {
    title: 'Amazon EC2 Auto Scaling',
    module: 'aws-cdk-lib/aws-autoscaling',
    text: `Groups from launch templates, which keep their desired capacity, spread over their zones, healthy and balanced, on the emulator's clock; simple, step and target tracking
policies, run by CloudWatch alarms each minute while these last; scheduled actions in any time zone; lifecycle hooks with heartbeats, time-outs and
targets; scale-in protection, termination policies, standby, suspended processes; activities with AWS's causes; group metrics; events, and notifications to
topics as the service-linked role.

- What has to be done is done at once, for which AWS takes some seconds. Instances take the time that EC2 takes; in a deployment none.
- A launch that fails is tried again after a minute, then twice as long each time, up to 16.
- The alarms of target tracking: out after 3 minutes above the target, in after 15 below 70% of it, which is what those of AWS have; AWS documents no numbers. Out, capacity follows the
  metric in proportion; in, by at most a tenth, or one instance, a minute. \`DisableScaleIn\` leaves the second alarm out. Of the predefined metrics there is \`ALBRequestCountPerTarget\`: nothing here measures an instance's CPU or network.
- Of group metrics there are those in instances; in units of capacity they would be the same numbers.
- Of instances that no policy tells apart, the one with the lowest id is terminated.
- A template's group is there once it has its minimum in service. Its \`UpdatePolicy\` may have \`AutoScalingRollingUpdate\`, which takes the hooks' time, and
  \`AutoScalingScheduledAction\`, with functions in them; signals, \`MinActiveInstancesPercent\`, \`CreationPolicy\` and \`AutoScalingReplacingUpdate\` are refused.
- Programs of a test run on the instances: [Workers](../workers.md).

Refused: mixed instances policies, launch configurations, warm pools, predictive scaling, instance refreshes, spot and capacity rebalancing, maximum lifetimes, maintenance policies, zonal
shift, classic load balancers, VPC Lattice, health checks of EBS, functions as termination policies.`,
  },
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
  dynamodb: {
    title: 'Amazon DynamoDB',
    module: 'aws-cdk-lib/aws-dynamodb',
    text: `Tables with their indexes, items, batches, transactions, time to live, tags and policies. What keys, conditions, expressions and queries mean is
[dynalite](https://github.com/architect/dynalite)'s; items are kept in this process, each write done at one instant.

- A table takes 5 emulated seconds to be created, changed or deleted, an index 60; one that a template asks for is there at once.
- An item goes within 10 minutes of emulated time after its time to live; turning that on or off takes an hour.
- Capacity is reckoned and returned, and never runs out: \`faults.throttleTable\` throttles. Throughput, table class, point-in-time recovery and keys of KMS
  are recorded and described; nothing is encrypted or restored. With a key of one's own, callers need \`kms:Decrypt\` on it.
- Counts and sizes of tables are those of the moment. An eventually consistent read, an index included, sees every write at once.
- \`size\` of a string counts UTF-16 units. An index has one partition key and at most one sort key.
- Of global tables there is the one replica in the stack's own Region that a \`TableV2\` has.

Refused: streams, PartiQL, backups, imports and exports, replicas, Kinesis and Contributor Insights, warm throughput.`,
  },
  ec2: {
    title: 'Amazon EC2',
    module: 'aws-cdk-lib/aws-ec2',
    text: `**Networks**: VPCs, subnets, route tables, gateways, security groups, network ACLs, endpoints, prefix lists, Elastic IP addresses. They are
checked as AWS checks them, related, described with AWS's filters, tagged, and deleted only when nothing needs them; so the lookups of the CDK CLI find what stacks
have made. **No packet is routed or filtered**: functions and databases reach each other on loopback whatever a network says, and so the resource types
stay *recorded*.

**Launch templates** with their versions, and **instances**: launched from templates or calls, checked as AWS checks them, moved from state to state on the clock.

- An instance is pending for 15 emulated seconds, shuts down or stops for 30, and is shown for an hour after it is terminated. Its status checks pass two minutes after
  it runs, and are made every minute. AWS gives no numbers for the first two. What a template asks for runs at once, and goes at once with its stack.
- \`Instance\` resources change in place only in security groups, source/destination check, termination protection, shutdown behaviour and tags; a change that AWS makes
  by stopping and starting is refused.
- An instance's **program** is found by a worker descriptor in its user data: the lines of the here-document that ends in \`CDK_DECOUPLE_WORKER_V1\`, JSON such as
  \`{"version":1,"asset":{"bucket":"…","key":"….zip"},"command":["node","index.mjs"],"env":{}}\`, with \`stopSeconds\` (90),
  \`logGroup\` and \`fileSystem\` besides. Anybody may write one. On the system and accelerated
  clocks the zip file is read from S3 as the instance's role, unpacked, and its command run in its directory, started again 5 s after it ends, told by SIGTERM to leave when the
  instance goes, and killed when its time is over. It is not sandboxed, and ends with the emulator, also when that is killed. If it cannot be fetched, the console says
  why and the instance switches itself off. The rest of the user data is not run. (The right to decrypt with a KMS key is not asked for the program.)
- It finds the emulator by \`AWS_ENDPOINT_URL\`, its credentials by \`AWS_EC2_METADATA_SERVICE_ENDPOINT\`: IMDS on a port of its own, with tokens, roles, identity document, user data, tags
  and \`autoscaling/target-lifecycle-state\`; the hop limit is described only. \`PORT\` is a port of 127.0.0.1 that is kept free for it.
- On an accelerated clock timers and dates of Node.js programs follow the clock, those of others find it in \`EMULATOR_CLOCK_RATE\` and \`EMULATOR_CLOCK_ORIGIN\`
  (real/emulated milliseconds); a queue in its environment must leave a third of a real second before a message is visible again (20 s at 60 times real time).
- A \`fileSystem\`, such as \`{"accessPoint":"arn:…","path":"/mnt/videos"}\`, is mounted at the start as the instance's role, by the mount target of its zone; without one, or without the right, the instance
  switches itself off. Programs in Node.js find it at its path, within the limits of [Lambda functions](../functions.md); others find its directory in \`EMULATOR_MOUNTS\`.
- **On the manual clock there are no processes**: instances are recorded as running, and in-process workers take their place.
- \`GetConsoleOutput\` has what programs print, the last 64 KB, at once. With \`logGroup\` their lines go there, too, in a stream of the instance's id, every five seconds and as the
  instance's role, as the CloudWatch agent would send them, and embedded metrics are counted. A machine that is killed takes its last lines with it.
- Faults: \`aws.faults.instance(id)\` kills, freezes and thaws a machine, \`aws.faults.zone('us-east-1a')\` loses and recovers a zone; status checks fail within a minute.
- Metrics are those of the status checks, by instance and by Auto Scaling group. CPU, network and disk are not measured, and not published. Changes of state go to EventBridge.
- Volumes are described with their instance and not there: \`DescribeVolumes\` is refused. There are no key pairs, spot instances, placement groups, second network interfaces.
- Any type of instance may be launched; \`DescribeInstanceTypes\` knows the common ones.
- Every account and region has its default VPC. Every region has three availability zones, \`a\`, \`b\` and \`c\`, the same for each account.
- Everything else is available at once: a NAT gateway takes no minutes.
- Images are the Amazon Linux ones that parameters of Systems Manager name; ids, release and date are made up. Others are refused as images that are not there.
- Addresses are those that are kept for documentation (RFC 5737, RFC 3849). AWS's prefix lists have no entries.
- An endpoint may be for any service that is called as AWS calls those of the region; nothing checks that there is one.
- Network interfaces are those of NAT gateways, endpoints and instances: functions and databases in a VPC have none here, and do not keep a security group or subnet from being deleted.
- Route tables take targets that are not there (instances, transit gateways, peering connections) as they come.
- Quotas are not enforced.`,
  },
  elasticloadbalancing: {
    title: 'Elastic Load Balancing',
    module: 'aws-cdk-lib/aws-elasticloadbalancingv2',
    text: `Application Load Balancers with listeners, rules by path and host, target groups of instances, health checks on the clock, draining, and CloudWatch metrics.
**Each listener is a port of 127.0.0.1**, opened when somebody first asks where: \`await aws.loadBalancing.url('name')\`, or \`GET /_emulator/load-balancers\`. The DNS name is formed as AWS
forms it, and nothing resolves it.

- A target whose instance runs a program gets requests on the port of 127.0.0.1 that the program finds in \`PORT\`; if its descriptor says a \`PORT\`, a target group must name that one. Other
  instances are only recorded: they count as healthy and answer 200 without a body, unless \`aws.loadBalancing.respond(targetGroupArn, handler)\` answers for them. On the manual clock those are all.
- Targets take turns. Where none is healthy, requests go to all, as on AWS, and get 502 from those that refuse the connection, 504 from those that do not answer; without targets 503.
- Time-outs of health checks and of idle connections are real time: they guard real input and output.
- HTTPS listeners have a certificate of the local authority, whatever certificate they name, which is described only.
- A load balancer that a call creates is active after two emulated minutes; one of a template at once.
- Security groups and subnets are checked and described, and let everything through. Names of hosted zones are made up.
- \`HealthyHostCount\` and \`UnHealthyHostCount\` are published by load balancer and target group, not by zone.

Refused: load balancers of networks and gateways, target groups of addresses, functions and other load balancers, protocols other than HTTP to targets, HTTP/2, WebSockets, sticky sessions, weights, slow start,
authentication, other conditions than path and host, access logs, trust stores, capacity.`,
  },
  events: {
    title: 'Amazon EventBridge',
    module: 'aws-cdk-lib/aws-events',
    text: `Event buses, the default one and others, and rules by pattern, in the whole pattern language, or by schedule. Targets are SQS queues, SNS topics, Lambda
functions and other event buses, with input transformation, retry policies and dead-letter queues. EventBridge calls them as \`events.amazonaws.com\` on behalf
of the rule, or with the target's role: what does not let it in gets nothing, and the journal, which knows an event by its id, says why.

- A delivery is work that nobody waits for: on the manual clock it happens when the clock settles or moves, in the order of the events.
- Retries come after a second, then twice as long each time, up to eight minutes, so that the 185 of the default policy fill its 24 hours. AWS spreads them at random, and
  publishes no numbers. Errors of permission, and targets that are not there, are not tried again.
- Of AWS's services, S3 sends events of its own. Events with a source that begins with \`aws.\` cannot be put, on AWS as here.
- A rate counts from when its rule was made, enabled or given that schedule; scheduled rules run at the very second.
- Wildcards of any complexity are taken, and quotas that AWS raises on demand are not enforced. Malformed JSON in a pattern is called \`Invalid JSON\`.
- An event goes on from one bus to another once, as on AWS. Without a role, the rule's account sends it, also in the same account.
- A path that leads to nothing gives \`null\` as \`InputPath\`, and an empty text in a template. The role of a rule itself is recorded: those of its targets count.

Refused: targets of other services, archives and replays, API destinations and connections, global endpoints, partner event sources, encryption and logs of buses, rules on another
account's bus, events of CloudTrail.`,
  },
  firehose: {
    title: 'Amazon Data Firehose',
    module: 'aws-cdk-lib/aws-kinesisfirehose',
    text: `Delivery streams that producers, topics or a data stream put records into, and that deliver them to buckets of S3, HTTP endpoints, Splunk,
OpenSearch and Redshift: an object or a request for each buffer, at the very moment at which it has its size or its age. On the way records are unpacked (CloudWatch Logs), taken apart, transformed by a function, given
their partition keys by jq, and a delimiter. Aggregated records of the Kinesis Producer Library are taken apart, too.

- A delivery stream takes 10 emulated seconds to be created or deleted, or its encryption to change; one that a template asks for is there at once.
- What S3 does not take is tried again after a second, then twice as long each time, up to a minute: for 24 hours, or for as long as the source stream keeps records.
  What was buffered is one object all the same: buffers do not grow with the backlog. A function that fails is called again at the same intervals.
  While a batch waits for another that cannot be delivered or processed, the source stream is not read.
- A source stream is read when something has come, not once a second, as the role that the delivery stream names, and not counted against the limits of shards.
  Records of a shard keep their order, also through five calls of a function at a time.
- An update delivers what is buffered at once, to where it was going.
- PutRecord and PutRecordBatch are throttled at the quota of the region, which is not raised. A second begins with the first put after the one before.
- Queries run on jq 1.7, where AWS has 1.6. Patterns of timestamps have the letters of years, months, days, weeks, times and offsets.
- Records are not encrypted. Starting encryption with a key asks for the right to create a grant, and a key that is disabled keeps producers out; no grant is made.
- Latencies of the API are not published as metrics. The codes of failures that AWS does not document are those that it is known to write.
- JSON becomes Parquet by the columns that the table in the Glue Data Catalog has at the time, as the OpenX or the Hive SerDe reads it. Pages are of version 2 whatever
  \`WriterVersion\` says; timestamps are microseconds in 64 bits, where AWS writes the older INT96. A decimal that does not fit its column fails the record. Hive's formats
  of timestamps are read but for eras, centuries, weeks, days of the year and names of zones. The messages about malformed JSON are not Jackson's to the letter.
- Nothing is sent to other machines. Where requests of HTTP endpoints, Splunk, OpenSearch and Redshift go is said by \`Emulator.start({ firehoseEndpoints: { 'intake.example.com': 'http://127.0.0.1:8080' } })\`
  or \`aws.firehose.route(...)\`: to a server of one's own, or, with \`'capture'\`, to \`aws.firehose.captured()\`, answered as if all were well or by \`aws.firehose.answer(...)\`.
  A delivery stream to an address of which nothing is said is refused. A server that never answers holds up the manual clock; \`'no answer'\` of a captured call does not.
- What an HTTP endpoint answers with 413 is too large for good: it is not tried again, and not backed up unless everything is (\`AllData\`). Any other answer that is no success is tried
  again for as long as the retry options say, and then backed up.
- Credentials in Secrets Manager are read for every attempt, on AWS now and again. That S3 buckets or endpoints are there is found out by delivering.
- Splunk is asked for an acknowledgment every ten seconds; a request is tried again after a second, then twice as long each time, up to a minute.
- A record that is no single line of JSON is never sent to OpenSearch, and is backed up. Its requests are not signed; the role needs \`es:ESHttpPost\` where the domain
  is named by its ARN. What fails is below \`AmazonOpenSearchService-failed/\`; the codes for an index that does not answer are our own.
- Redshift is no engine here: its bucket gets objects and manifests, and the COPY statement goes where it is said, by POST to a server. Whoever answers for it names
  failures by \`errorCode\`, such as \`Redshift.TableNotFound\`. The manifest of what could not be loaded is below \`errors/manifests/\`; no password is sent.

Refused: conversion to ORC, clusters of MSK and databases as sources, VPCs of OpenSearch, Snowflake, Iceberg and Elasticsearch.`,
  },
  glue: {
    title: 'AWS Glue',
    module: 'aws-cdk-lib/aws-glue',
    text: `Databases and tables of the Data Catalog with the versions of tables, as far as the conversion of records by Firehose needs
them. A call asks for rights on the table, its database and the catalog. Lake Formation leaves everything to IAM.

Refused: catalogs of other accounts, links, federation, views of several dialects, tables in Iceberg's format, schemas of the Schema Registry, the patterns of \`GetTables\`,
partitions, crawlers, jobs and all else of Glue.`,
  },
  iam: {
    title: 'AWS Identity and Access Management',
    module: 'aws-cdk-lib/aws-iam',
    text: `Roles, managed policies and instance profiles. Every operation of every service asks whether its caller may, and
the answer is that of the policies: [access](../access.md) has the rules. Policies are checked for form when they are put; whether a principal
that one names exists is not checked. Of the policies that AWS manages there are those that the supported
services need. Refused: users, groups, access keys, federation.`,
  },
  kinesis: {
    title: 'Amazon Kinesis Data Streams',
    module: 'aws-cdk-lib/aws-kinesis',
    text: `Streams with their shards, records that are kept for the retention period and go at the very moment when it is over, splits and
merges, consumers with enhanced fan-out over HTTP/2, encryption settings, resource policies.

- A stream takes 5 emulated seconds to be created, changed or deleted, a consumer to be registered; those that a template asks for are there at once.
- A shard takes 1 MiB and 1,000 records a second and gives out 2 MiB in 5 calls a second; what is more is throttled, on by default as on AWS. A second begins with
  the first use after the one before, so that who keeps to the limits evenly is never throttled. What is over in one call takes the seconds after it.
- An on-demand stream has 4 shards, and does not grow. Quotas of accounts and rates of API calls are not enforced; those of a stream are (consumers, calls of \`UpdateShardCount\`).
- Sequence numbers have 56 digits and grow with every record of a shard, and from a shard to its children.
- \`UpdateShardCount\` changes all shards at one instant, at the end of those 5 seconds.
- \`SubscribeToShard\` sends an event for what comes, and an empty one every 5 seconds.
- JSON, and the CBOR that the SDKs for Java speak unless they are told otherwise.
- Records are not encrypted, but who puts and reads those of a stream with a key needs the right to use it. Shard-level metrics are recorded.

Clients that are tested with it, apart from the SDK for JavaScript: the AWS CLI; the Kinesis Client Library (KCL 3.1, Java), polling and with enhanced
fan-out; the Kinesis Producer Library (KPL 1.0); lifion-kinesis (1.3, with version 2 of the SDK), whose consumers share a stream by a table. They need no
code of their own:

- KCL takes \`AWS_ENDPOINT_URL\` and the other variables of \`cdk-decouple-emulator env\`, where its clients are made without an endpoint. Over TLS, Java trusts the
  authority by \`keytool -importcert -file ca.pem -keystore trust.p12 -storepass changeit -noprompt\` and \`-Djavax.net.ssl.trustStore=trust.p12\`. Its tables take
  a minute or two on the system clock if it makes them itself, none if \`KclApplication\` has made them. Where it
  learns nothing of its processors, as here, it divides shards among workers by what comes through them: of idle shards a second worker is given none.
- KPL speaks TLS only: \`setKinesisEndpoint\`, \`setCloudwatchEndpoint\` and \`setStsEndpoint\` are \`127.0.0.1\`, the three ports the emulator's, and
  \`setCaCertFile\` names its \`ca.pem\`.
- What KPL put while a shard is split may come twice, or not at all, as on AWS: it counts a user record as put if it went to the right one of the new shards, and puts
  the others that were aggregated with it again; KCL drops such an aggregated record as a whole, once it has listed the new shards. Without aggregation
  (\`setAggregationEnabled(false)\`) each comes once.

Refused: channels, warm throughput, account settings, the distribution of records, and \`DryRun\`.`,
  },
  kms: {
    title: 'AWS Key Management Service',
    module: 'aws-cdk-lib/aws-kms',
    text: `Symmetric keys, encrypting with real AES-256-GCM. Key policies decide, IAM's only where they
delegate to the account, and grants count at once. A key keeps its key material:
rotation is only shown. Refused: asymmetric, HMAC, multi-Region and imported keys, custom key stores.`,
  },
  elasticfilesystem: {
    title: 'Amazon EFS',
    module: 'aws-cdk-lib/aws-efs',
    text: `File systems, each a directory of this machine: \`await aws.efs.directory(id)\` is its path, or that of an access point's root. Functions find it where they mount it
([Lambda functions](../functions.md)), and so do programs of instances ([EC2](ec2.md)). It ends with the emulator, unless \`Emulator.start({ storageDirectory })\` names a place to keep it: a file system of the same creation token
finds its files there again (CloudFormation makes the token, from stack, logical id and the emulator's seed). DeleteFileSystem removes them.

- A file system or an access point takes 5 emulated seconds to be there and to go, a mount target 90; those that a template asks for are there at once.
- Mount targets have a network interface in their subnet, and security groups. No packet is filtered: that port 2049 is open is not checked.
- File system policies decide what a function's role may do: without \`ClientMount\` the mount fails, without \`ClientWrite\` it is read-only. Without a policy everybody may do everything, as on AWS.
- All files belong to the user who runs the emulator: an access point's \`PosixUser\`, owner and permissions are kept and described, and \`ClientRootAccess\` changes nothing.
- An access point's root is made when it is first mounted, if it says how; if not, the mount fails.
- The size is that of the files now, in units of 4 KiB and 2 KiB for each of them; on AWS it is up to hours old.
- Encryption, performance and throughput, lifecycle policies and backups are recorded: nothing is encrypted, slowed down, moved or backed up.
- Of metrics there is \`StorageBytes\`, every quarter of an hour: nothing here measures connections, throughput or credits.

Refused: replication, IPv6 addresses, account preferences, the older operations on tags.`,
  },
  lambda: {
    title: 'AWS Lambda',
    module: 'aws-cdk-lib/aws-lambda',
    text: `Functions for Node.js, each execution environment in a worker thread of its own, which is no sandbox: [Lambda functions](../functions.md)
says what they find and how time passes for them. They act as their role, which has to trust Lambda and needs the
rights that it needs on AWS, also to write logs and to poll. Event sources are SQS queues, Kinesis streams and brokers of Amazon MQ.
A mapping of a stream reads when something has come, not once a second, and is not counted against the limits of shards; a batch that fails is tried again after
1 to 60 seconds. Its failure destination is a queue, a topic or a bucket. Its rights are those that AWS checks when it is made, but for \`kinesis:ListStreams\`. Refused there: tumbling windows, a topic of Kafka as the destination. A function may mount an access point of EFS.

A mapping of a broker is a client of the real broker, follows a pair from one member to the other, and reaches a cluster at the address of all its nodes. Batches run five at a time of ActiveMQ and one of RabbitMQ, and are acknowledged when
the function has succeeded. One that fails is tried again a second later: of ActiveMQ six times, and then its messages are dead letters of the broker; of RabbitMQ they go back to the queue. AWS documents neither
the delay of RabbitMQ nor the words of its refusals; those here are of the kind that it has for queues. A quorum queue gives
back, and recovers when its node was killed, in real time that a manual clock does not wait for: a test that moves on from a failure declares a classic one. A login that the broker refuses stops a mapping until it is next updated, with AWS's code in
\`StateTransitionReason\`. ActiveMQ is consumed over AMQP 1.0, as OpenWire has no client for Node.js: \`brokerInTime\` is when the message was sent, one that was sent over AMQP without an id has one of the mapping's,
and messages that are neither text nor bytes are dead letters. Events have the names and types of events that people have logged, and of AWS's own libraries for Java and Go
(\`correlationID\`, numbers for times, \`"null"\` for no \`replyTo\`), in which AWS's documentation differs.

Refused: other runtimes, container images, functions with layers,
function URLs, provisioned concurrency, dead-letter queues and destinations of asynchronous invocations, SnapStart, response streaming.`,
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
  mq: {
    title: 'Amazon MQ',
    module: 'aws-cdk-lib/aws-amazonmq',
    text: `Brokers are real ones: ActiveMQ, over TLS on all five protocols, with the users, groups and configuration of the broker, and RabbitMQ. An active/standby
pair is two processes with one store, of which one holds the lock on it; when it is lost the other takes over with the messages. [Brokers](../brokers.md) says how to install
ActiveMQ, how clients reach it, what \`aws.faults.broker()\` does, and how brokers go with the clocks.

- A broker takes 5 emulated seconds to be created, rebooted or deleted, or as long as its processes do in real time; one that a template asks for is there at once.
- Endpoints are those of Amazon MQ in its order, on 127.0.0.1 and ports of their own, which stay the same as long as the broker exists. The web console and the management API
  of RabbitMQ are there, too, where \`ConsoleURL\` says; ActiveMQ has no web console here.
- Configurations, users, logs, versions and instance types that are changed take effect at the next reboot. AWS does not document whether CloudFormation reboots a
  broker; here it does where a change needs it, so that a deployed configuration is in effect. Maintenance windows are recorded.
- AWS publishes the codes of errors and the names of warnings, not their texts: the texts are ours, with the parameter that is wrong in them and in \`ErrorAttribute\`.
- Configurations of ActiveMQ are sanitised as by Amazon MQ, with its warnings; the elements and attributes are those of its documentation. Of RabbitMQ's settings there is
  \`consumer_timeout\`.
- A cluster of RabbitMQ is three nodes in the first three zones, behind one endpoint: a relay that gives each connection to the next node that serves, as a Network Load Balancer
  would. It restarts one node after the other. Queues of a 4.x broker are quorum queues unless they are declared as others, in its first virtual host only: in one that is made later
  they are classic, as a RabbitMQ before 3.13.3 has no setting for all virtual hosts. Those of a 3.13 cluster are
  mirrored by the policy \`ha-all-AWS-OWNED-DO-NOT-DELETE\`, which nobody makes again when it is deleted. The other default policies and limits of Amazon MQ are not made. Nodes are called
  \`rabbit-1@localhost\` and so on, one without a majority pauses.
- A node of RabbitMQ that a fault kills first gets its definitions to the disk: RabbitMQ 4 of Amazon MQ has them there at once, one with Mnesia, as every node is here, up to two seconds
  later. A quorum queue that is younger than that loses its leader for good when its only node is killed.
- Users of RabbitMQ are managed on it, as on AWS. Its metrics (\`RabbitMQMemUsed\`, \`MessageCount\` and the like) come from its management API and are up to a second old; those of nodes
  are there by \`Node\`, and summed up by \`Broker\`. There are none of single queues, of the processor and of input and output.
- A node of RabbitMQ has 400 MB of memory and a volume of 4 GiB, or what the machine has left, whatever its instance type; at 50 MB free it blocks who publishes. It looks at its disk every ten seconds.
- Metrics of ActiveMQ are read every emulated minute, by member (\`orders-1\`), queue and topic: \`CpuUtilization\`, \`HeapUsage\`, \`StorePercentUsage\`, \`TotalMessageCount\`, \`QueueSize\` and the like; there are
  none of volumes, the network and open transactions. \`CpuUtilization\` is the real one of the member's process over at least a second of real time, however fast the clock is. Logs go to \`/aws/amazonmq/broker/ID/general\` and \`/audit\`, without a resource policy of CloudWatch Logs.
- The engine is the ActiveMQ or RabbitMQ that was found, whichever version the broker is of. Instance types and versions are checked against each other and change nothing else.
- Subnets and security groups are recorded: no packet is filtered. Members are in the first zones of the region.

Refused: networks of brokers, LDAP, cross-Region replicas and \`Promote\`, resource shares, storage sizes.`,
  },
  rds: {
    title: 'Amazon RDS and Aurora',
    module: 'aws-cdk-lib/aws-rds',
    text: `PostgreSQL and Aurora PostgreSQL, each instance or cluster a real PostgreSQL server with TLS; other engines are refused.

- Databases come from templates: of the API there is what reads, starts, stops and reboots them.
- The server is the PostgreSQL that is installed with the emulator (18), whatever \`EngineVersion\` says.
- All instances of a cluster are one server, so that a reader sees a write at once, and could write.
- In parameter groups \`max_connections\`, \`rds.force_ssl\`, time-outs and defaults of sessions take effect; parameters that size, log or tune
  a server are recorded; any other is refused.
- A proxy leads to its database and pools nothing: the database sees every connection.`,
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
  s3: {
    title: 'Amazon S3',
    module: 'aws-cdk-lib/aws-s3',
    text: `Buckets and objects, with versions, multipart uploads, tags, lifecycle expiry and encryption settings. Bucket policies are
evaluated. Refused: replication, websites, object lock, ACLs other than private ones, browser uploads by POST; reading such settings
answers as on AWS for a bucket that has none.

Buckets send their events to SQS queues, SNS topics and Lambda functions, with filters, test messages and the checks that AWS makes: queue,
topic and function have to let \`s3.amazonaws.com\` in. With \`EventBridgeConfiguration\` every event goes to the default bus of EventBridge, too
(\`event-version\` 1.0). What differs:

- An event is due at once, in the order of the events: on the manual clock \`settle\` or \`advance\` delivers it. A new configuration is in force at once.
- A destination that throttles is tried again for a day, at intervals of a second to five minutes. Whatever else fails loses the event;
  \`journal.trace\` with the id of the request (\`$metadata.requestId\`) tells where it went.
- An account's id stands for its canonical user id; every request comes from 127.0.0.1.
- These types are accepted and never happen, as what causes them is not there: \`ObjectCreated:Post\`, \`LifecycleTransition\` (transitions are
  recorded), \`ObjectAcl\`, \`ObjectAnnotation\`, \`ObjectRestore\`, \`ObjectRetention\`, \`IntelligentTiering\`, \`ReducedRedundancyLostObject\`, \`Replication\`.`,
  },
  secretsmanager: {
    title: 'AWS Secrets Manager',
    module: 'aws-cdk-lib/aws-secretsmanager',
    text: `Values with their version stages, generated passwords, and attachment to databases. Refused: rotation and replication. A rotation
schedule in a template is recorded: no secret is ever rotated.`,
  },
  sns: {
    title: 'Amazon SNS',
    module: 'aws-cdk-lib/aws-sns',
    text: `Topics, standard and FIFO, with today's limits: filter policies, raw delivery, delivery policies, dead-letter queues, platform applications.
SNS delivers as \`sns.amazonaws.com\`, by the same calls that a client makes: what does not let it in gets nothing, and the journal says why.

- A delivery is work that nobody waits for: on the manual clock it happens when the clock settles or moves.
- Mails, text messages and push notifications go to \`aws.outbox\`, as does what is for HTTP endpoints on other machines than this one, which are never called.
- Credentials of platform applications are not checked; their events (\`EventEndpointCreated\` and others) and delivery logs are taken and not written.
- HTTP endpoints on this machine are called for real, and retried by their delivery policy. Its delays are exact, where AWS spreads them at random; the curves of its
  backoff functions are AWS's at both ends, and between them ours, as AWS does not publish them.
- Documents are signed, in both versions, with a certificate of the local authority that the emulator serves under \`SigningCertURL\`.
- A delivery stream gets messages as the subscription's role, which must trust \`sns.amazonaws.com\` and needs \`firehose:PutRecord\`. Whether the subscriber may pass that role
  is not asked: the service authorization reference has \`iam:PassRole\` for roles of delivery logs, and not for \`Subscribe\`.
- Messages are not encrypted, but whoever publishes to an encrypted topic needs its key. Delivery status logging and tracing are recorded.
- Quotas that AWS raises on demand, such as 200 filter policies a topic, are not enforced.

Refused: archive and replay, data protection policies, the SMS sandbox and opting out.`,
  },
  sqs: {
    title: 'Amazon SQS',
    module: 'aws-cdk-lib/aws-sqs',
    text: `All of it, in the JSON and in the older query protocol, with today's limits. Standard queues neither duplicate nor reorder until
\`faults.standardQueue\` makes them, and FIFO queues take any number of calls until \`faults.fifoThroughput\` limits them. Messages are not
encrypted, but whoever sends or receives needs the queue's key. Queue policies are evaluated. A message group id on a standard
queue is kept and returned, but what fair queues do with it is not emulated: messages of quiet groups do not overtake those of noisy ones.`,
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
