import { ServerProcess } from '../cli/server-process';
import { AwsCli } from './aws-cli';

/** Each call of the CLI starts a Python process. */
const longEnough = 120_000;

let server: ServerProcess;
let ec2: AwsCli<Ec2Answer>;

/** What the answers of the operations that are called here have. */
interface Ec2Answer {
  readonly Vpcs: readonly { readonly VpcId: string; readonly CidrBlock: string }[];
  readonly AvailabilityZones: readonly { readonly ZoneName: string }[];
  readonly GroupId: string;
  readonly SecurityGroupRules: readonly { readonly IpProtocol: string }[];
  readonly SecurityGroups: readonly {
    readonly IpPermissions: readonly object[];
    readonly Tags: readonly object[];
  }[];
}

beforeAll(async () => {
  server = await ServerProcess.start();
  ec2 = new AwsCli<Ec2Answer>(server.endpoint, 'ec2');
}, longEnough);

afterAll(() => server.stop());

test(
  'the AWS CLI finds networks by filters, and makes security groups with rules and tags',
  async () => {
    const { AvailabilityZones: zones } = await ec2.run('describe-availability-zones');
    expect(zones?.map(({ ZoneName }) => ZoneName)).toEqual([
      'eu-west-1a',
      'eu-west-1b',
      'eu-west-1c',
    ]);
    const filters = [{ Name: 'is-default', Values: ['true'] }];
    const { Vpcs: [vpc] = [] } = await ec2.run('describe-vpcs', { filters });
    expect(vpc?.CidrBlock).toBe('172.31.0.0/16');
    const { GroupId: id } = await ec2.run('create-security-group', {
      'group-name': 'web',
      description: 'the web',
      'vpc-id': vpc?.VpcId,
      'tag-specifications': [
        { ResourceType: 'security-group', Tags: [{ Key: 'team', Value: 'a & b' }] },
      ],
    });
    const rule = { 'group-id': id, protocol: 'tcp', port: 443, cidr: '10.0.0.0/16' };
    const { SecurityGroupRules: rules } = await ec2.run('authorize-security-group-ingress', rule);
    expect(rules).toEqual([
      expect.objectContaining({ IpProtocol: 'tcp', CidrIpv4: '10.0.0.0/16' }),
    ]);
    const { SecurityGroups: [group] = [] } = await ec2.run('describe-security-groups', {
      'group-ids': [id],
    });
    expect(group?.IpPermissions).toEqual([
      expect.objectContaining({ FromPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/16' }] }),
    ]);
    expect(group?.Tags).toEqual([{ Key: 'team', Value: 'a & b' }]);
    await expect(ec2.run('authorize-security-group-ingress', rule)).rejects.toThrow(
      'An error occurred (InvalidPermission.Duplicate) when calling the AuthorizeSecurityGroupIngress operation: the specified rule "peer: 10.0.0.0/16, TCP, from port: 443, to port: 443, ALLOW" already exists',
    );
    await expect(ec2.run('describe-volumes')).rejects.toThrow(
      'cdk-decouple-emulator does not implement ec2.DescribeVolumes',
    );
  },
  longEnough,
);
