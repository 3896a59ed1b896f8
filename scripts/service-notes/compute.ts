import type { NotesByService } from './notes';

/** Functions, instances and what brings requests to them. */
export const compute: NotesByService = {
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
};
