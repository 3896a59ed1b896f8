import type { NotesByService } from './notes';

/** Queues, topics, streams, buses and brokers. */
export const messaging: NotesByService = {
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
- Users of RabbitMQ are managed on it, as on AWS. Its metrics (\`RabbitMQMemUsed\`, \`MessageCount\` and the like) come from its management API and are up to a second old, memory and disk of a node five to ten; those of nodes
  are there by \`Node\`, and summed up by \`Broker\`. There are none of single queues, of the processor and of input and output.
- A node of RabbitMQ has 400 MB of memory and a volume of 4 GiB, or what the machine has left, whatever its instance type; at 50 MB free it blocks who publishes. It looks at its disk every ten seconds.
- Metrics of ActiveMQ are read every emulated minute, by member (\`orders-1\`), queue and topic: \`CpuUtilization\`, \`HeapUsage\`, \`StorePercentUsage\`, \`TotalMessageCount\`, \`QueueSize\` and the like; there are
  none of volumes, the network and open transactions. \`CpuUtilization\` is the real one of the member's process over at least a second of real time, however fast the clock is. Logs go to \`/aws/amazonmq/broker/ID/general\` and \`/audit\`, without a resource policy of CloudWatch Logs.
- The engine is the ActiveMQ or RabbitMQ that was found, whichever version the broker is of. Instance types and versions are checked against each other and change nothing else.
- Subnets and security groups are recorded: no packet is filtered. Members are in the first zones of the region.

Refused: networks of brokers, LDAP, cross-Region replicas and \`Promote\`, resource shares, storage sizes.`,
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
};
