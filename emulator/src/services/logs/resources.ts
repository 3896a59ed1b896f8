import type { Clock } from '../../clock/clock';
import { PropertyReader, type ResourceProvider } from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { tagList } from '../live-properties';
import { sameState, templateTags, unchangeable, updateTemplateTags } from '../resource-updates';
import type { Regional } from '../service';
import { logGroupClassOf } from './log-group';
import type { LogGroups } from './log-groups';

/** `AWS::Logs::LogGroup` and `AWS::Logs::LogStream`: Ref is the name. */
export function logsResources(regions: Regional<LogGroups>, clock: Clock): ResourceProvider[] {
  return [groupResource(regions, clock), streamResource(regions, clock)];
}

function groupResource(regions: Regional<LogGroups>, clock: Clock): ResourceProvider {
  const type = 'AWS::Logs::LogGroup';
  return {
    type,
    level: 'emulated',
    recordedProperties: ['LogGroupClass'],
    unsupported: (properties) => [
      ...unsupportedProperties(type, properties, [
        'KmsKeyId',
        'LogGroupClass',
        'LogGroupName',
        'RetentionInDays',
        'Tags',
      ]),
      ...(properties.LogGroupClass === 'DELIVERY'
        ? [`${type} does not support LogGroupClass DELIVERY`]
        : []),
    ],
    unsupportedUpdate: unchangeable(type, ['LogGroupClass']),
    async create(request) {
      const properties = new PropertyReader(request.properties);
      const name = properties.string('LogGroupName') ?? request.generateName(512);
      const groups = regions.in(request.account, request.region);
      const group = groups.create(name, clock.now(), {
        kmsKeyId: properties.string('KmsKeyId'),
        logGroupClass: logGroupClassOf(properties.string('LogGroupClass')),
      });
      group.keepFor(properties.number('RetentionInDays'));
      for (const [key, value] of Object.entries(templateTags(request))) group.tags.set(key, value);
      return { physicalId: name, attributes: { Arn: `${group.arn}:*` } };
    },
    async find({ account, identifier, region }) {
      const group = regions.in(account, region).find(identifier.LogGroupName ?? '');
      return group && { physicalId: group.name, attributes: { Arn: `${group.arn}:*` } };
    },
    async update(request) {
      const groups = regions.in(request.account, request.region);
      const group = groups.get(request.physicalId);
      const properties = new PropertyReader(request.properties);
      const kmsKeyId = properties.string('KmsKeyId');
      if (kmsKeyId === undefined) group.kmsKeyId = undefined;
      else if (kmsKeyId !== group.kmsKeyId) groups.associateKey(group, kmsKeyId);
      group.keepFor(properties.number('RetentionInDays'));
      updateTemplateTags(group.tags, request);
      return sameState(request);
    },
    async delete(request) {
      const groups = regions.in(request.account, request.region);
      if (groups.find(request.physicalId)) groups.delete(request.physicalId);
    },
    async read(request) {
      const group = regions.in(request.account, request.region).find(request.physicalId);
      return (
        group && {
          KmsKeyId: group.kmsKeyId,
          LogGroupClass: group.logGroupClass,
          LogGroupName: group.name,
          RetentionInDays: group.retentionInDays,
          Tags: tagList(group.tags),
        }
      );
    },
  };
}

function streamResource(regions: Regional<LogGroups>, clock: Clock): ResourceProvider {
  const type = 'AWS::Logs::LogStream';
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, ['LogGroupName', 'LogStreamName']),
    async create(request) {
      const properties = new PropertyReader(request.properties);
      const name = properties.string('LogStreamName') ?? request.generateName(512);
      regions
        .in(request.account, request.region)
        .get(properties.requiredString('LogGroupName'))
        .createStream(name, clock.now());
      return { physicalId: name, attributes: {} };
    },
    async delete(request) {
      const groupName = new PropertyReader(request.properties).requiredString('LogGroupName');
      const group = regions.in(request.account, request.region).find(groupName);
      if (group?.findStream(request.physicalId)) group.deleteStream(request.physicalId);
    },
    async read({ account, physicalId, properties, region }) {
      const groupName = new PropertyReader(properties).requiredString('LogGroupName');
      const group = regions.in(account, region).find(groupName);
      if (!group?.findStream(physicalId)) return undefined;
      return { LogGroupName: groupName, LogStreamName: physicalId };
    },
  };
}
