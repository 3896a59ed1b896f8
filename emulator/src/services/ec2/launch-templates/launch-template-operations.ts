import type { LaunchTemplateErrorCode } from '@aws-sdk/client-ec2';
import { ServiceError } from '../../../protocol/errors';
import type { CallContext } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { sortedBy } from '../../page';
import type { Operations, RegionOf } from '../client';
import { describeMembers, page, permit } from '../describing';
import type { Ec2Region } from '../ec2-region';
import { type FilterTable, filtered, tagFilters } from '../filters';
import { tagList, tagsOf } from '../tags';
import { checkLaunchData, type LaunchData, launchMembers, mergedLaunchData } from './launch-data';
import {
  addVersion,
  createLaunchTemplate,
  deleteVersion,
  findLaunchTemplate,
  type LaunchTemplate,
  type LaunchTemplateVersion,
  versionNumber,
  versionOf,
} from './launch-template';

/** How a call names a launch template: by either. */
interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

const templateFilters: FilterTable<LaunchTemplate> = {
  'create-time': ({ createdAt }) => new Date(createdAt).toISOString(),
  'launch-template-name': ({ name }) => name,
};

const versionFilters = (template: LaunchTemplate): FilterTable<LaunchTemplateVersion> => ({
  'create-time': ({ createdAt }) => new Date(createdAt).toISOString(),
  'ebs-optimized': ({ data }) => data.EbsOptimized,
  'iam-instance-profile': ({ data }) =>
    data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name,
  'image-id': ({ data }) => data.ImageId,
  'instance-type': ({ data }) => data.InstanceType,
  'is-default-version': ({ number }) => number === template.defaultVersion,
});

/** Operations on launch templates and their versions. */
export function launchTemplateOperations(regionOf: RegionOf): Operations {
  /** The launch template that a call is about, which its caller must be allowed to do this to. */
  const addressed = (
    input: TemplateReference & { readonly DryRun?: boolean | undefined },
    context: CallContext,
  ) => {
    const region = regionOf(context);
    const template = templateOf(region, input);
    permit(context, input, region.arn('launch-template', template.id));
    return { region, template };
  };
  return {
    CreateLaunchTemplate(input, context) {
      acceptOnly('CreateLaunchTemplate', input, [
        'ClientToken',
        'DryRun',
        'LaunchTemplateData',
        'LaunchTemplateName',
        'TagSpecifications',
        'VersionDescription',
      ]);
      const region = regionOf(context);
      permit(context, input, region.arn('launch-template', '*'));
      const { ClientToken: token, ...parameters } = input;
      const template = region.launchTemplateTokens.once(token, parameters, () =>
        createLaunchTemplate(
          region,
          input.LaunchTemplateName ?? '',
          {
            data: launchDataOf('CreateLaunchTemplate', input.LaunchTemplateData ?? {}),
            description: input.VersionDescription,
            createdBy: context.caller.arn,
          },
          tagsOf(input.TagSpecifications, 'launch-template'),
        ),
      );
      return { LaunchTemplate: describeTemplate(template) };
    },

    CreateLaunchTemplateVersion(input, context) {
      acceptOnly('CreateLaunchTemplateVersion', input, [
        'ClientToken',
        'DryRun',
        'LaunchTemplateData',
        'LaunchTemplateId',
        'LaunchTemplateName',
        'SourceVersion',
        'VersionDescription',
      ]);
      const { region, template } = addressed(input, context);
      const { ClientToken: token, ...parameters } = input;
      const version = region.launchTemplateVersionTokens.once(token, parameters, () => {
        const given = launchDataOf('CreateLaunchTemplateVersion', input.LaunchTemplateData ?? {});
        const source = input.SourceVersion;
        return addVersion(region, template, {
          data:
            source === undefined
              ? given
              : mergedLaunchData(versionOf(template, source).data, given),
          description: input.VersionDescription,
          createdBy: context.caller.arn,
        });
      });
      return { LaunchTemplateVersion: describeVersion(template, version) };
    },

    ModifyLaunchTemplate(input, context) {
      acceptOnly('ModifyLaunchTemplate', input, [
        'ClientToken',
        'DefaultVersion',
        'DryRun',
        'LaunchTemplateId',
        'LaunchTemplateName',
      ]);
      const { template } = addressed(input, context);
      template.defaultVersion = versionOf(template, input.DefaultVersion).number;
      return { LaunchTemplate: describeTemplate(template) };
    },

    DeleteLaunchTemplate(input, context) {
      acceptOnly('DeleteLaunchTemplate', input, [
        'DryRun',
        'LaunchTemplateId',
        'LaunchTemplateName',
      ]);
      const { region, template } = addressed(input, context);
      region.launchTemplates.delete(template.id);
      return { LaunchTemplate: describeTemplate(template) };
    },

    DeleteLaunchTemplateVersions(input, context) {
      acceptOnly('DeleteLaunchTemplateVersions', input, [
        'DryRun',
        'LaunchTemplateId',
        'LaunchTemplateName',
        'Versions',
      ]);
      const { template } = addressed(input, context);
      const results = (input.Versions ?? []).map((version) => deletedVersion(template, version));
      return {
        SuccessfullyDeletedLaunchTemplateVersions: results.filter((one) => !one.ResponseError),
        UnsuccessfullyDeletedLaunchTemplateVersions: results.filter((one) => one.ResponseError),
      };
    },

    DescribeLaunchTemplates(input, context) {
      acceptOnly('DescribeLaunchTemplates', input, [
        ...describeMembers,
        'LaunchTemplateIds',
        'LaunchTemplateNames',
      ]);
      permit(context, input);
      const region = regionOf(context);
      const { LaunchTemplateIds: ids = [], LaunchTemplateNames: names = [] } = input;
      for (const id of ids) region.launchTemplates.get(id);
      const all = region.launchTemplates.all();
      if (names.some((name) => !all.some((template) => template.name === name)))
        throw new ServiceError(
          'InvalidLaunchTemplateName.NotFoundException',
          'At least one of the launch templates specified in the request does not exist.',
        );
      const named = all.filter(
        ({ id, name }) =>
          (ids.length === 0 && names.length === 0) || ids.includes(id) || names.includes(name),
      );
      const matching = filtered(named, input.Filters, templateFilters, tagFilters);
      const { items, nextToken } = page(matching, input, ({ id }) => id);
      return { LaunchTemplates: items.map(describeTemplate), NextToken: nextToken };
    },

    DescribeLaunchTemplateVersions(input, context) {
      acceptOnly('DescribeLaunchTemplateVersions', input, [
        ...describeMembers,
        'LaunchTemplateId',
        'LaunchTemplateName',
        'MaxVersion',
        'MinVersion',
        'Versions',
      ]);
      permit(context, input);
      const region = regionOf(context);
      const { Versions: wanted = [], MinVersion: min, MaxVersion: max } = input;
      const hasTemplate =
        input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined;
      // Without a template: the latest or default versions of all of them.
      const templates = hasTemplate
        ? [templateOf(region, input)]
        : region.launchTemplates.where(() => wanted.length > 0);
      const chosen = templates.flatMap((template) => {
        const versions =
          wanted.length > 0
            ? [...new Set(wanted.map((one) => versionOf(template, one)))]
            : [...template.versions.values()].filter(
                ({ number }) =>
                  (min === undefined || number >= versionNumber(template, min)) &&
                  (max === undefined || number <= versionNumber(template, max)),
              );
        return filtered(versions, input.Filters, versionFilters(template)).map((version) => ({
          template,
          version,
        }));
      });
      const keyOf = ({ template, version }: (typeof chosen)[number]) =>
        `${template.id} ${String(version.number).padStart(10, '0')}`;
      const { items, nextToken } = page(sortedBy(chosen, keyOf), input, keyOf);
      return {
        LaunchTemplateVersions: items.map(({ template, version }) =>
          describeVersion(template, version),
        ),
        NextToken: nextToken,
      };
    },
  };
}

function templateOf(region: Ec2Region, input: TemplateReference): LaunchTemplate {
  return findLaunchTemplate(region, {
    id: input.LaunchTemplateId,
    name: input.LaunchTemplateName,
  });
}

function launchDataOf(operation: string, data: LaunchData): LaunchData {
  acceptOnly(`LaunchTemplateData of ${operation}`, data, launchMembers);
  checkLaunchData(operation, data);
  return data;
}

interface DeletedVersion {
  readonly LaunchTemplateId: string;
  readonly LaunchTemplateName: string;
  readonly VersionNumber: number;
  readonly ResponseError?: { readonly Code: LaunchTemplateErrorCode; readonly Message: string };
}

function deletedVersion(template: LaunchTemplate, version: string): DeletedVersion {
  const named = { LaunchTemplateId: template.id, LaunchTemplateName: template.name };
  try {
    return { ...named, VersionNumber: deleteVersion(template, version).number };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const Code =
      error.code === 'OperationNotPermitted'
        ? ('unexpectedError' as const)
        : ('launchTemplateVersionDoesNotExist' as const);
    return {
      ...named,
      VersionNumber: versionNumber(template, version),
      ResponseError: { Code, Message: error.message },
    };
  }
}

function describeTemplate(template: LaunchTemplate) {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAt),
    CreatedBy: template.createdBy,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.latestVersion,
    Tags: tagList(template.tags),
  };
}

function describeVersion(template: LaunchTemplate, version: LaunchTemplateVersion) {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    VersionDescription: version.description,
    CreateTime: new Date(version.createdAt),
    CreatedBy: version.createdBy,
    DefaultVersion: version.number === template.defaultVersion,
    LaunchTemplateData: version.data,
  };
}
