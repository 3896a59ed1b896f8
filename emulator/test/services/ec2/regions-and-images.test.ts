import { EC2 } from '@aws-sdk/client-ec2';
import { SSM } from '@aws-sdk/client-ssm';
import { Emulator, type ManualClock } from '../../../src';
import { where } from './support';

let aws: Emulator<ManualClock>;
let ec2: EC2;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  ec2 = aws.client(EC2);
});
afterEach(() => aws.stop());

test('regions and availability zones are those of templates', async () => {
  const { AvailabilityZones: zones } = await ec2.describeAvailabilityZones({});
  expect(zones?.map(({ ZoneName, ZoneId, State }) => [ZoneName, ZoneId, State])).toEqual([
    ['us-east-1a', 'use1-az1', 'available'],
    ['us-east-1b', 'use1-az2', 'available'],
    ['us-east-1c', 'use1-az3', 'available'],
  ]);
  const gov = aws.client(EC2, { region: 'us-gov-west-1' });
  const { AvailabilityZones: [zone] = [] } = await gov.describeAvailabilityZones({});
  expect(zone?.ZoneId).toBe('usgw1-az1');
  const { Regions: regions } = await ec2.describeRegions(where(['region-name', 'eu-west-*']));
  expect(regions?.map(({ RegionName }) => RegionName)).toEqual([
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
  ]);
});

test('images are those that public parameters name', async () => {
  const { Images: images = [] } = await ec2.describeImages({
    Owners: ['amazon'],
    Filters: [
      { Name: 'name', Values: ['al2023-ami-2023.*-kernel-6.1-x86_64'] },
      { Name: 'state', Values: ['available'] },
    ],
  });
  expect(images).toHaveLength(1);
  const { Parameter: parameter } = await aws.client(SSM).getParameter({
    Name: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  });
  expect(parameter?.Value).toBe(images[0]?.ImageId);
  expect(await ec2.describeImages({ Owners: ['self'] })).toMatchObject({ Images: [] });
});
