import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { FrontEnd, WorkerProgram, WorkQueue } from 'cdk-decouple';
import { AlarmBench } from './alarm-bench';

function frontEndOf(stack: Stack): FrontEnd {
  const { queue } = new WorkQueue(stack, 'Jobs');
  return new FrontEnd(stack, 'FrontEnd', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
    queue,
    program: WorkerProgram.directory({ path: __dirname, command: ['node', 'front-end.js'] }),
    maxCapacity: 3,
    requestsPerInstance: 10,
  });
}

let bench: AlarmBench;
let frontEnd: FrontEnd;
beforeAll(async () => {
  [bench, frontEnd] = await AlarmBench.deploy(frontEndOf);
});
afterAll(() => bench.aws.stop());

const state = () => bench.state(frontEnd.alarms.unhealthyHosts);

test('the alarm on unhealthy hosts goes off when health checks are answered with 500, and ends when they are with 200', async () => {
  await bench.minutes(10);
  expect(await state()).toBe('OK');
  let status = 500;
  bench.aws.loadBalancing.respond(bench.idOf(frontEnd.targetGroup), () => ({ status }));
  await bench.minutes(6);
  expect(await state()).toBe('ALARM');
  status = 200;
  await bench.minutes(15);
  expect(await state()).toBe('OK');
});

test('instances are added when each of them gets more requests in a minute than it should', async () => {
  const { aws } = bench;
  const size = async () => {
    const { AutoScalingGroups: [group] = [] } = await aws
      .client(AutoScaling)
      .describeAutoScalingGroups({});
    return group?.DesiredCapacity;
  };
  aws.loadBalancing.respond(bench.idOf(frontEnd.targetGroup), () => ({ status: 200 }));
  const { LoadBalancers: [balancer] = [] } = await aws
    .client(ElasticLoadBalancingV2)
    .describeLoadBalancers({});
  const url = await aws.loadBalancing.url(balancer?.LoadBalancerName ?? '');
  expect(await size()).toBe(1);
  for (let minute = 0; minute < 6; minute += 1) {
    for (let request = 0; request < 20; request += 1) await (await fetch(url)).text();
    await bench.minutes(1);
  }
  expect(await size()).toBeGreaterThan(1);
});
