import { isDeepStrictEqual } from 'node:util';
import type {
  LiveProperties,
  PropertyReader,
  ResourceProperties,
  ResourceProvider,
  ResourceRequest,
  TemplateValue,
} from '../../../cloudformation/provider';
import { unsupportedProperties } from '../../accepted-parameters';
import { ec2Provider, type ProviderContext } from '../ec2-provider';
import { ownTags, tagsOf } from '../tags';
import { checkLaunchData, launchMembers } from './launch-data';
import { launchDataFrom, tagSpecification } from './launch-data-properties';
import {
  addVersion,
  createLaunchTemplate,
  type LaunchTemplate,
  type NewVersion,
} from './launch-template';

const type = 'AWS::EC2::LaunchTemplate';
const properties = [
  'LaunchTemplateData',
  'LaunchTemplateName',
  'TagSpecifications',
  'VersionDescription',
];

/** `AWS::EC2::LaunchTemplate`: new data make a new version, and the default one stays what it was. */
export function launchTemplateProvider(context: ProviderContext): ResourceProvider {
  return {
    ...ec2Provider(context, {
      type,
      level: 'emulated',
      on: 'launch-template',
      properties,
      actions: {
        create: 'CreateLaunchTemplate',
        update: 'CreateLaunchTemplateVersion',
        delete: 'DeleteLaunchTemplate',
      },
      create(region, properties, request) {
        const template = createLaunchTemplate(
          region,
          properties.string('LaunchTemplateName') ?? request.generateName(128),
          newVersion(properties, request),
          templateTags(properties, request),
        );
        return { physicalId: template.id, attributes: attributesOf(template) };
      },
      update(region, properties, request) {
        const template = region.launchTemplates.get(request.physicalId);
        if (changesVersion(request.previous.properties, request.properties))
          addVersion(region, template, newVersion(properties, request));
        for (const key of ownTags(template).keys()) template.tags.delete(key);
        for (const [key, value] of templateTags(properties, request)) template.tags.set(key, value);
      },
      delete: (region, _properties, { physicalId }) => region.launchTemplates.delete(physicalId),
      read: (region, _properties, { physicalId }) =>
        liveTemplate(region.launchTemplates.get(physicalId)),
    }),
    unsupported: (given) => [
      ...unsupportedProperties(type, given, properties),
      ...unsupportedData(given.LaunchTemplateData),
    ],
    async find({ account, region: name, identifier }) {
      const region = context.regionOf({ account, region: name });
      const template = region.launchTemplates.find(identifier.LaunchTemplateId ?? '');
      return template && { physicalId: template.id, attributes: attributesOf(template) };
    },
  };
}

function unsupportedData(data: TemplateValue | undefined): string[] {
  if (typeof data !== 'object' || data === null) return [];
  const members = Object.fromEntries(Object.entries(data));
  return unsupportedProperties(`${type} LaunchTemplateData`, members, launchMembers);
}

function newVersion(properties: PropertyReader, { caller }: ResourceRequest): NewVersion {
  const reader = properties.object('LaunchTemplateData');
  const data = reader ? launchDataFrom(reader) : {};
  checkLaunchData(type, data);
  return { data, description: properties.string('VersionDescription'), createdBy: caller.arn };
}

function changesVersion(before: ResourceProperties, after: ResourceProperties): boolean {
  return ['LaunchTemplateData', 'VersionDescription'].some(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
}

/** Those of the template, not those that it gives to instances. */
function templateTags(
  properties: PropertyReader,
  { stackName, stackId, logicalId, stackTags }: ResourceRequest,
): Map<string, string> {
  const own = tagsOf(
    properties.objects('TagSpecifications')?.map(tagSpecification),
    'launch-template',
  );
  return new Map([
    ...Object.entries(stackTags),
    ...own,
    ['aws:cloudformation:stack-name', stackName],
    ['aws:cloudformation:stack-id', stackId],
    ['aws:cloudformation:logical-id', logicalId],
  ]);
}

/** Versions come and go: their numbers are read when they are asked for. */
function attributesOf(template: LaunchTemplate) {
  return {
    LaunchTemplateId: template.id,
    get LatestVersionNumber() {
      return String(template.latestVersion);
    },
    get DefaultVersionNumber() {
      return String(template.defaultVersion);
    },
  };
}

/** Without tags, which its stack's are among. */
function liveTemplate(template: LaunchTemplate): LiveProperties {
  const latest = template.versions.get(template.latestVersion);
  return {
    LaunchTemplateName: template.name,
    LaunchTemplateData: latest && JSON.parse(JSON.stringify(latest.data)),
    VersionDescription: latest?.description,
  };
}
