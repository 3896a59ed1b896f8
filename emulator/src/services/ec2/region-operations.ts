import { type AvailabilityZone, availabilityZones } from '../../network/availability-zones';
import { ServiceError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import type { Operations, RegionOf } from './client';
import { permit } from './describing';
import type { Ec2Region } from './ec2-region';
import { invalidValue } from './errors';
import { type FilterTable, filtered, tagFilters } from './filters';
import { defaultVpc } from './vpc';

/** @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html: those that every account has. */
const regions = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

const regionFilters: FilterTable<string> = {
  endpoint: endpointOf,
  'opt-in-status': optInStatus,
  'region-name': (name) => name,
};

const zoneFilters = (region: string): FilterTable<AvailabilityZone> => ({
  'group-name': () => `${region}-zg-1`,
  'opt-in-status': () => 'opt-in-not-required',
  'region-name': () => region,
  state: () => 'available',
  'zone-id': ({ id }) => id,
  'zone-name': ({ name }) => name,
  'zone-type': () => 'availability-zone',
});

const nothing = () => undefined;

const keyPairFilters: FilterTable<never> = {
  'key-name': nothing,
  'key-pair-id': nothing,
  fingerprint: nothing,
};

/** What there is in every account: regions, availability zones, and the account's own settings. */
export function regionOperations(regionOf: RegionOf): Operations {
  return {
    DescribeRegions(input, context) {
      acceptOnly('DescribeRegions', input, ['AllRegions', 'DryRun', 'Filters', 'RegionNames']);
      permit(context, input);
      const all = [...new Set([...regions, context.region])].sort();
      for (const name of input.RegionNames ?? [])
        if (!all.includes(name)) throw invalidValue(`Invalid region names: [${name}]`);
      const named = all.filter((name) => input.RegionNames?.includes(name) ?? true);
      return {
        Regions: filtered(named, input.Filters, regionFilters).map((name) => ({
          RegionName: name,
          Endpoint: endpointOf(name),
          OptInStatus: optInStatus(name),
        })),
      };
    },

    DescribeAvailabilityZones(input, context) {
      acceptOnly('DescribeAvailabilityZones', input, [
        'AllAvailabilityZones',
        'DryRun',
        'Filters',
        'ZoneIds',
        'ZoneNames',
      ]);
      permit(context, input);
      const { region } = context;
      const all = availabilityZones(region);
      const { ZoneNames: names, ZoneIds: ids } = input;
      for (const name of names ?? [])
        if (!all.some((zone) => zone.name === name))
          throw invalidValue(`Invalid availability zone: [${name}]`);
      for (const id of ids ?? [])
        if (!all.some((zone) => zone.id === id))
          throw invalidValue(`Invalid availability zone-id: [${id}]`);
      const named = all.filter(
        ({ name, id }) => (names?.includes(name) ?? true) && (ids?.includes(id) ?? true),
      );
      return {
        AvailabilityZones: filtered(named, input.Filters, zoneFilters(region)).map((zone) => ({
          State: 'available',
          OptInStatus: 'opt-in-not-required',
          Messages: [],
          RegionName: region,
          ZoneName: zone.name,
          ZoneId: zone.id,
          GroupName: `${region}-zg-1`,
          NetworkBorderGroup: region,
          ZoneType: 'availability-zone',
        })),
      };
    },

    DescribeAccountAttributes(input, context) {
      acceptOnly('DescribeAccountAttributes', input, ['AttributeNames', 'DryRun']);
      permit(context, input);
      const values: Readonly<Record<string, string>> = {
        'default-vpc': defaultVpcId(regionOf(context)),
        'supported-platforms': 'VPC',
      };
      const names = input.AttributeNames ?? Object.keys(values);
      return {
        AccountAttributes: names.map((name) => {
          const value = values[name];
          if (value === undefined) throw invalidValue(`The attribute ${name} is not known here`);
          return { AttributeName: name, AttributeValues: [{ AttributeValue: value }] };
        }),
      };
    },

    DescribeKeyPairs(input, context) {
      acceptOnly('DescribeKeyPairs', input, [
        'DryRun',
        'Filters',
        'IncludePublicKey',
        'KeyNames',
        'KeyPairIds',
      ]);
      permit(context, input);
      filtered([], input.Filters, keyPairFilters, tagFilters);
      const [name] = input.KeyNames ?? [];
      const [id] = input.KeyPairIds ?? [];
      if (name !== undefined) throw keyPairNotFound(`The key pair '${name}' does not exist`);
      if (id !== undefined) throw keyPairNotFound(`The key pair ID '${id}' does not exist`);
      return { KeyPairs: [] };
    },
  };
}

function endpointOf(region: string): string {
  return `ec2.${region}.amazonaws.com`;
}

function optInStatus(region: string): string {
  return regions.includes(region) ? 'opt-in-not-required' : 'opted-in';
}

function defaultVpcId(region: Ec2Region): string {
  return region.vpcs.all().some(({ isDefault }) => isDefault) ? defaultVpc(region).id : 'none';
}

function keyPairNotFound(message: string): ServiceError {
  return new ServiceError('InvalidKeyPair.NotFound', message);
}
