import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Duration } from 'aws-cdk-lib';
import { type Deployment, Emulator, type ManualClock } from '../../../src';
import { http, https } from './plain-request';
import { shop } from './shop-stack';

let aws: Emulator<ManualClock>;
let elb: ElasticLoadBalancingV2;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  elb = aws.client(ElasticLoadBalancingV2);
});
afterEach(() => aws.stop());

async function health(TargetGroupArn: string): Promise<Record<string, string | undefined>> {
  const { TargetHealthDescriptions: all = [] } = await elb.describeTargetHealth({ TargetGroupArn });
  return Object.fromEntries(
    all.map((one) => [
      one.Target?.Id ?? '',
      [one.TargetHealth?.State, one.TargetHealth?.Reason].filter(Boolean).join(' '),
    ]),
  );
}

async function sum(
  deployment: Deployment,
  MetricName: string,
  Statistic: 'Maximum' | 'Sum' = 'Sum',
) {
  const end = aws.clock.now();
  const { Datapoints: points = [] } = await aws.client(CloudWatch).getMetricStatistics({
    Namespace: 'AWS/ApplicationELB',
    MetricName,
    Dimensions: [
      { Name: 'LoadBalancer', Value: deployment.output('FullName') },
      { Name: 'TargetGroup', Value: deployment.output('GroupFullName') },
    ],
    StartTime: new Date(end - 3_600_000),
    EndTime: new Date(end),
    Period: 3600,
    Statistics: [Statistic],
  });
  return points.map((point) => point[Statistic]);
}

test('a load balancer hands requests to healthy targets in turn, and answers some itself', async () => {
  const deployment = await aws.deploy(shop());
  const ids = [deployment.output('Id0'), deployment.output('Id1')].sort();
  expect(deployment.output('Dns')).toMatch(/^shop-\d{10}\.us-east-1\.elb\.amazonaws\.com$/);
  aws.loadBalancing.respond(deployment.output('Group'), ({ body, headers, instanceId, path }) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      instanceId,
      path,
      body: String(body),
      from: headers['x-forwarded-for'],
      protocol: headers['x-forwarded-proto'],
      port: headers['x-forwarded-port'],
    }),
  }));
  await aws.clock.advance(0);
  expect(await health(deployment.output('Group'))).toEqual({
    [ids[0] ?? '']: 'healthy',
    [ids[1] ?? '']: 'healthy',
  });
  const url = await aws.loadBalancing.url(deployment.output('Dns'));
  const ask = async (): Promise<{ instanceId: string }> => {
    const answer = await fetch(`${url}/orders?page=2`, { method: 'POST', body: 'one' });
    return JSON.parse(await answer.text());
  };
  const answers = [await ask(), await ask(), await ask()];
  expect(answers[0]).toEqual({
    instanceId: expect.any(String),
    path: '/orders?page=2',
    body: 'one',
    from: expect.stringContaining('127.0.0.1'),
    protocol: 'http',
    port: '80',
  });
  expect(
    answers
      .slice(0, 2)
      .map((answer) => answer.instanceId)
      .sort(),
  ).toEqual(ids);
  expect(answers[2]?.instanceId).toBe(answers[0]?.instanceId);
  const closed = await fetch(`${url}/closed/forever`);
  expect([closed.status, await closed.text()]).toEqual([410, 'gone']);
  await aws.clock.advance(Duration.minutes(2));
  expect(await sum(deployment, 'RequestCount')).toEqual([3]);
  expect(await sum(deployment, 'HTTPCode_Target_2XX_Count')).toEqual([3]);
  expect(await sum(deployment, 'HealthyHostCount', 'Maximum')).toEqual([2]);
  expect(await sum(deployment, 'RequestCountPerTarget')).toEqual([1.5]);
});

test('a target that fails two checks is unhealthy, and one that passes five is healthy again', async () => {
  const deployment = await aws.deploy(shop());
  const [first, second] = [deployment.output('Id0'), deployment.output('Id1')];
  const group = deployment.output('Group');
  let failing = false;
  aws.loadBalancing.respond(group, ({ instanceId, path }) => ({
    status: failing && path === '/health' && instanceId === first ? 500 : 200,
    body: instanceId,
  }));
  await aws.clock.advance(0);
  failing = true;
  await aws.clock.advance(Duration.seconds(59));
  expect(await health(group)).toMatchObject({ [first]: 'healthy' });
  await aws.clock.advance(Duration.seconds(1));
  expect(await health(group)).toEqual({
    [first]: 'unhealthy Target.ResponseCodeMismatch',
    [second]: 'healthy',
  });
  const url = await aws.loadBalancing.url('shop', 80);
  const answers = [await (await fetch(url)).text(), await (await fetch(url)).text()];
  expect(answers).toEqual([second, second]);
  failing = false;
  await aws.clock.advance(Duration.seconds(149));
  expect(await health(group)).toMatchObject({ [first]: 'unhealthy Target.ResponseCodeMismatch' });
  await aws.clock.advance(Duration.seconds(1));
  expect(await health(group)).toMatchObject({ [first]: 'healthy' });
});

test('targets that are down are found out, leave by draining, and with the last of them requests get 503', async () => {
  const deployment = await aws.deploy(shop());
  const [first, second] = [deployment.output('Id0'), deployment.output('Id1')];
  const group = deployment.output('Group');
  const url = await aws.loadBalancing.url('shop');
  await aws.clock.advance(0);
  aws.faults.instance(first).kill();
  await aws.clock.advance(Duration.seconds(60));
  expect(await health(group)).toEqual({
    [first]: 'unhealthy Target.FailedHealthChecks',
    [second]: 'healthy',
  });
  await elb.deregisterTargets({ TargetGroupArn: group, Targets: [{ Id: second }] });
  expect(await health(group)).toMatchObject({
    [second]: 'draining Target.DeregistrationInProgress',
  });
  // Unhealthy targets alone: the group fails open.
  expect((await fetch(url)).status).toBe(502);
  await aws.clock.advance(Duration.seconds(60));
  expect(Object.keys(await health(group))).toEqual([first]);
  await aws.client(EC2).terminateInstances({ InstanceIds: [first] });
  await aws.clock.advance(Duration.seconds(30));
  expect(await health(group)).toEqual({});
  const refused = await fetch(url);
  expect([refused.status, await refused.text()]).toEqual([
    503,
    expect.stringContaining('503 Service Temporarily Unavailable'),
  ]);
});

test('a request to a target that is frozen gets 504', async () => {
  const deployment = await aws.deploy(shop());
  const url = await aws.loadBalancing.url('shop');
  for (const id of ['Id0', 'Id1']) aws.faults.instance(deployment.output(id)).freeze();
  expect((await fetch(url)).status).toBe(504);
  aws.faults.instance(deployment.output('Id0')).thaw();
  aws.faults.instance(deployment.output('Id1')).thaw();
  expect((await fetch(url)).status).toBe(200);
});

test('where every listener is can be asked over HTTP', async () => {
  const deployment = await aws.deploy(shop());
  const answer = await fetch(`${await aws.endpoint()}/_emulator/load-balancers`);
  expect(JSON.parse(await answer.text())).toEqual({
    listeners: [
      {
        loadBalancerName: 'shop',
        dnsName: deployment.output('Dns'),
        port: 80,
        url: await aws.loadBalancing.url('shop'),
      },
    ],
  });
});

test('a redirect keeps what it does not change', async () => {
  await aws.deploy(shop());
  const answer = await http(await aws.loadBalancing.url('shop'), '/a?b=c', 'old.example.com');
  expect(answer).toEqual({ status: 302, location: 'https://new.example.com:443/a?b=c' });
});

test('a stack leaves nothing behind, and its load balancer listens no more', async () => {
  const stack = shop();
  await aws.deploy(stack);
  const url = await aws.loadBalancing.url('shop');
  await aws.destroy(stack);
  expect(aws.leaks()).toEqual([]);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  await expect(aws.loadBalancing.url('shop')).rejects.toThrow(
    'shop has no listener; there are: none',
  );
});

describe('by calls', () => {
  async function balancer() {
    const { Subnets: subnets = [] } = await aws.client(EC2).describeSubnets({});
    const { LoadBalancers: [created] = [] } = await elb.createLoadBalancer({
      Name: 'made',
      Subnets: subnets.map(({ SubnetId: id = '' }) => id),
    });
    return created;
  }

  test('a load balancer is provisioned for two minutes, has listeners and rules in their order', async () => {
    const created = await balancer();
    const LoadBalancerArn = created?.LoadBalancerArn ?? '';
    expect(created?.State?.Code).toBe('provisioning');
    await aws.clock.advance(Duration.minutes(2));
    const { LoadBalancers: [active] = [] } = await elb.describeLoadBalancers({ Names: ['made'] });
    expect(active?.State?.Code).toBe('active');
    const fixed = (StatusCode: string) => [
      { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode } },
    ];
    const { Listeners: [listener] = [] } = await elb.createListener({
      LoadBalancerArn,
      Port: 8080,
      Protocol: 'HTTP',
      DefaultActions: fixed('404'),
    });
    const ListenerArn = listener?.ListenerArn ?? '';
    const rule = (Priority: number, path: string) =>
      elb.createRule({
        ListenerArn,
        Priority,
        Conditions: [{ Field: 'path-pattern', Values: [path] }],
        Actions: fixed(`20${Priority}`),
      });
    await rule(2, '/a*');
    await rule(1, '/a?');
    await expect(rule(1, '/b')).rejects.toMatchObject({ name: 'PriorityInUseException' });
    const url = await aws.loadBalancing.url('made', 8080);
    const statuses = await Promise.all(
      ['/ab', '/abc', '/b'].map(async (path) => (await fetch(url + path)).status),
    );
    expect(statuses).toEqual([201, 202, 404]);
    const { Rules: rules = [] } = await elb.describeRules({ ListenerArn });
    expect(rules.map(({ Priority }) => Priority)).toEqual(['1', '2', 'default']);
    await elb.modifyLoadBalancerAttributes({
      LoadBalancerArn,
      Attributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }],
    });
    await expect(elb.deleteLoadBalancer({ LoadBalancerArn })).rejects.toMatchObject({
      name: 'OperationNotPermittedException',
    });
  });

  test('its subnets and security groups are replaced, by those of its VPC alone', async () => {
    const { AvailabilityZones: zones = [], ...created } = (await balancer()) ?? {};
    const { LoadBalancerArn = '', SecurityGroups: initial = [], VpcId } = created;
    const ec2 = aws.client(EC2);
    const group = async (vpc: string | undefined) => {
      const input = { GroupName: 'front', Description: 'front', VpcId: vpc };
      return (await ec2.createSecurityGroup(input)).GroupId ?? '';
    };
    const { Vpc: other } = await ec2.createVpc({ CidrBlock: '10.1.0.0/16' });
    const [own, foreign] = [await group(VpcId), await group(other?.VpcId)];
    const { SecurityGroups: defaults = [] } = await ec2.describeSecurityGroups({
      GroupIds: initial,
    });
    expect(defaults).toMatchObject([{ GroupName: 'default', VpcId }]);

    await elb.setSecurityGroups({ LoadBalancerArn, SecurityGroups: [own] });
    const [first = '', second = '', third = ''] = zones.map(({ SubnetId: id = '' }) => id);
    const { AvailabilityZones: left } = await elb.setSubnets({
      LoadBalancerArn,
      Subnets: [second, third],
    });
    expect(left?.map(({ SubnetId }) => SubnetId)).toEqual([second, third]);
    for (const [SecurityGroups, name] of [
      [['sg-00000000000000000'], 'InvalidSecurityGroupException'],
      [[own, foreign], 'InvalidConfigurationRequestException'],
    ] as const)
      await expect(
        elb.setSecurityGroups({ LoadBalancerArn, SecurityGroups: [...SecurityGroups] }),
      ).rejects.toMatchObject({ name });
    const inOther = async (AvailabilityZone: string, CidrBlock: string) => {
      const input = { VpcId: other?.VpcId, AvailabilityZone, CidrBlock };
      return (await ec2.createSubnet(input)).Subnet?.SubnetId ?? '';
    };
    const elsewhere = [
      await inOther('us-east-1a', '10.1.0.0/24'),
      await inOther('us-east-1b', '10.1.1.0/24'),
    ];
    for (const [Subnets, name] of [
      [[first], 'ValidationError'],
      [[first, 'subnet-00000000000000000'], 'SubnetNotFoundException'],
      [elsewhere, 'InvalidSubnetException'],
    ] as const)
      await expect(
        elb.setSubnets({ LoadBalancerArn, Subnets: [...Subnets] }),
      ).rejects.toMatchObject({ name });

    const { LoadBalancers: [now] = [] } = await elb.describeLoadBalancers({ Names: ['made'] });
    expect(now).toMatchObject({
      SecurityGroups: [own],
      AvailabilityZones: [{ SubnetId: second }, { SubnetId: third }],
    });
  });

  test('a listener of HTTPS needs a certificate, and speaks TLS with one of the local authority', async () => {
    const LoadBalancerArn = (await balancer())?.LoadBalancerArn ?? '';
    const input = {
      LoadBalancerArn,
      Port: 443,
      Protocol: 'HTTPS' as const,
      DefaultActions: [
        { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '204' } },
      ],
    };
    await expect(elb.createListener(input)).rejects.toMatchObject({ name: 'ValidationError' });
    const CertificateArn = 'arn:aws:acm:us-east-1:000000000000:certificate/front';
    const { Listeners: [listener] = [] } = await elb.createListener({
      ...input,
      Certificates: [{ CertificateArn }],
    });
    expect(listener?.Certificates).toEqual([{ CertificateArn }]);
    const url = await aws.loadBalancing.url('made', 443);
    expect(await https(`${url}/`, await aws.certificateAuthorityFile())).toBe(204);
    // It listens in plain text from now on, on another port.
    await elb.modifyListener({ ListenerArn: listener?.ListenerArn, Port: 80, Protocol: 'HTTP' });
    await expect(https(`${url}/`, await aws.certificateAuthorityFile())).rejects.toThrow(
      'ECONNREFUSED',
    );
    expect((await fetch(await aws.loadBalancing.url('made', 80))).status).toBe(204);
  });

  test.each([
    ['a network load balancer', { Type: 'network' }, 'NotImplemented'],
    ['one subnet', { Subnets: undefined }, 'ValidationError'],
    ['a name with a blank', { Name: 'a b' }, 'ValidationError'],
  ] as const)('%s is refused', async (_what, change, name) => {
    const { Subnets: subnets = [] } = await aws.client(EC2).describeSubnets({});
    const Subnets = subnets.map(({ SubnetId: id = '' }) => id);
    const input = { Name: 'made', Subnets, ...change };
    await expect(elb.createLoadBalancer(input)).rejects.toMatchObject({ name });
  });

  test('what is not there is said by the name of the error', async () => {
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/none/0';
    await expect(elb.describeTargetHealth({ TargetGroupArn: arn })).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
    });
    await expect(elb.describeLoadBalancers({ Names: ['none'] })).rejects.toMatchObject({
      name: 'LoadBalancerNotFoundException',
    });
    await expect(elb.describeTrustStores({})).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});
