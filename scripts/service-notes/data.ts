import type { NotesByService } from './notes';

/** What keeps data. */
export const data: NotesByService = {
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
  glue: {
    title: 'AWS Glue',
    module: 'aws-cdk-lib/aws-glue',
    text: `Databases and tables of the Data Catalog with the versions of tables, as far as the conversion of records by Firehose needs
them. A call asks for rights on the table, its database and the catalog. Lake Formation leaves everything to IAM.

Refused: catalogs of other accounts, links, federation, views of several dialects, tables in Iceberg's format, schemas of the Schema Registry, the patterns of \`GetTables\`,
partitions, crawlers, jobs and all else of Glue.`,
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
};
