import {
  CloudFormation,
  type PropertyDifference,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Emulator } from '../../../src';
import { shop } from './shop-stack';

let aws: Emulator;
let elb: ElasticLoadBalancingV2;
let find: (type: string) => Promise<StackResourceDrift>;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  elb = aws.client(ElasticLoadBalancingV2);
  await aws.deploy(shop());
  const cloudFormation = aws.client(CloudFormation);
  find = async (type) => {
    await cloudFormation.detectStackDrift({ StackName: 'Shop' });
    const { StackResourceDrifts: all = [] } = await cloudFormation.describeStackResourceDrifts({
      StackName: 'Shop',
    });
    const found = all.filter(
      ({ ResourceType }) => ResourceType === `AWS::ElasticLoadBalancingV2::${type}`,
    );
    const [first] = found.sort(
      (a, b) =>
        Number(a.StackResourceDriftStatus === 'IN_SYNC') -
        Number(b.StackResourceDriftStatus === 'IN_SYNC'),
    );
    if (!first) throw new Error(`no ${type}`);
    return first;
  };
});
afterEach(() => aws.stop());

const paths = (differences: PropertyDifference[] = []) =>
  differences.map(({ ActualValue, ExpectedValue, PropertyPath }) => [
    PropertyPath,
    ExpectedValue,
    ActualValue,
  ]);

test.each(['LoadBalancer', 'TargetGroup', 'Listener', 'ListenerRule'])(
  'a %s that nobody has touched is in sync',
  async (type) => {
    const drift = await find(type);
    expect([drift.StackResourceDriftStatus, paths(drift.PropertyDifferences)]).toEqual([
      'IN_SYNC',
      [],
    ]);
  },
);

test('changes behind the back of the stack are found', async () => {
  const { LoadBalancers: [balancer] = [] } = await elb.describeLoadBalancers({});
  const LoadBalancerArn = balancer?.LoadBalancerArn ?? '';
  const { TargetGroups: [group] = [] } = await elb.describeTargetGroups({ LoadBalancerArn });
  await elb.modifyTargetGroup({
    TargetGroupArn: group?.TargetGroupArn,
    HealthCheckPath: '/',
  });
  expect(paths((await find('TargetGroup')).PropertyDifferences)).toEqual([
    ['/HealthCheckPath', '/health', '/'],
  ]);
  await elb.modifyLoadBalancerAttributes({
    LoadBalancerArn,
    Attributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }],
  });
  expect(paths((await find('LoadBalancer')).PropertyDifferences)).toEqual([
    ['/LoadBalancerAttributes/0/Value', 'false', 'true'],
  ]);
  const { Listeners: [listener] = [] } = await elb.describeListeners({ LoadBalancerArn });
  const ListenerArn = listener?.ListenerArn;
  const { Rules: [rule] = [] } = await elb.describeRules({ ListenerArn });
  await elb.setRulePriorities({ RulePriorities: [{ RuleArn: rule?.RuleArn, Priority: 5 }] });
  expect(paths((await find('ListenerRule')).PropertyDifferences)).toEqual([
    ['/Priority', '10', '5'],
  ]);
  await elb.modifyListener({ ListenerArn, Port: 81 });
  expect(paths((await find('Listener')).PropertyDifferences)).toEqual([['/Port', '80', '81']]);
  await elb.deleteListener({ ListenerArn });
  expect((await find('Listener')).StackResourceDriftStatus).toBe('DELETED');
});
