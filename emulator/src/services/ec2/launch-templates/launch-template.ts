import { ServiceError } from '../../../protocol/errors';
import type { Ec2Region } from '../ec2-region';
import { invalidValue } from '../errors';
import type { Ec2Resource, ResourceKind } from '../resource-table';
import type { LaunchData } from './launch-data';

/** One version of a launch template; it never changes. */
export interface LaunchTemplateVersion {
  readonly number: number;
  readonly description: string | undefined;
  readonly data: LaunchData;
  readonly createdAt: number;
  /** ARN of who made it. */
  readonly createdBy: string;
}

/** A launch template with the versions that have not been deleted. */
export interface LaunchTemplate extends Ec2Resource {
  readonly name: string;
  readonly createdAt: number;
  readonly createdBy: string;
  /** By number, in the order in which they were made. */
  readonly versions: Map<number, LaunchTemplateVersion>;
  defaultVersion: number;
  /** The highest number that was ever given. */
  latestVersion: number;
}

export const launchTemplateKind: ResourceKind = {
  prefix: 'lt',
  resourceType: 'launch-template',
  notFoundCode: 'InvalidLaunchTemplateId.NotFound',
  notFoundMessage: (id) => `The specified launch template, with template ID ${id}, does not exist.`,
};

/** Which launch template is meant: by id or by name. */
export interface LaunchTemplateReference {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

/** Who makes a version, and what it says. */
export interface NewVersion {
  readonly data: LaunchData;
  readonly description?: string | undefined;
  readonly createdBy: string;
}

/**
 * Creates a launch template with its version 1, which is its default.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
 * @throws ServiceError for a name that is taken or cannot be, and for data that say nothing.
 */
export function createLaunchTemplate(
  region: Ec2Region,
  name: string,
  version: NewVersion,
  tags: Map<string, string>,
): LaunchTemplate {
  if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name))
    throw new ServiceError(
      'InvalidLaunchTemplateName.MalformedException',
      'A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.',
    );
  if (region.launchTemplates.all().some((other) => other.name === name))
    throw new ServiceError(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      'Launch template name already in use.',
    );
  requireData(version.data);
  const template = region.launchTemplates.add((id) => ({
    id,
    name,
    createdAt: region.clock.now(),
    createdBy: version.createdBy,
    versions: new Map(),
    defaultVersion: 1,
    latestVersion: 0,
    tags,
  }));
  addVersion(region, template, version);
  return template;
}

/** Adds a version; the default one stays what it is. */
export function addVersion(
  region: Ec2Region,
  template: LaunchTemplate,
  { data, description, createdBy }: NewVersion,
): LaunchTemplateVersion {
  requireData(data);
  if (description !== undefined && description.length > 255)
    throw invalidValue('A version description may have no more than 255 characters.');
  template.latestVersion += 1;
  const version = {
    number: template.latestVersion,
    description,
    data,
    createdAt: region.clock.now(),
    createdBy,
  };
  template.versions.set(version.number, version);
  return version;
}

/**
 * The launch template that a call means.
 *
 * @throws ServiceError if there is none, or the call names none or two.
 */
export function findLaunchTemplate(
  region: Ec2Region,
  { id, name }: LaunchTemplateReference,
): LaunchTemplate {
  if (id !== undefined && name !== undefined)
    throw new ServiceError(
      'InvalidParameterCombination',
      'Specify either the launch template ID or the launch template name in the request, but not both.',
    );
  if (id !== undefined && !/^lt-[0-9a-f]{17}$/.test(id))
    throw new ServiceError(
      'InvalidLaunchTemplateId.Malformed',
      `Invalid id: "${id}" (expecting "lt-...")`,
    );
  if (id !== undefined) return region.launchTemplates.get(id);
  if (name === undefined)
    throw new ServiceError(
      'MissingParameter',
      'The request must contain the parameter launch template ID or launch template name',
    );
  const [template] = region.launchTemplates.where((one) => one.name === name);
  if (!template)
    throw new ServiceError(
      'InvalidLaunchTemplateName.NotFoundException',
      `The specified launch template, with template name ${name}, does not exist.`,
    );
  return template;
}

/**
 * A version of a launch template, by number or as `$Latest` or `$Default`.
 *
 * @param version - @default $Default
 * @throws ServiceError `InvalidLaunchTemplateId.VersionNotFound`
 */
export function versionOf(template: LaunchTemplate, version = '$Default'): LaunchTemplateVersion {
  const found = template.versions.get(versionNumber(template, version));
  if (!found)
    throw new ServiceError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find the specified version ${version} for the launch template with ID ${template.id}.`,
    );
  return found;
}

/** The number behind `$Latest` and `$Default`; NaN for what is no number. */
export function versionNumber(template: LaunchTemplate, version: string): number {
  if (version === '$Latest') return template.latestVersion;
  return version === '$Default' ? template.defaultVersion : Number(version);
}

/** Deletes a version. @throws ServiceError for the default one, and for one that is not there. */
export function deleteVersion(template: LaunchTemplate, version: string): LaunchTemplateVersion {
  const found = versionOf(template, version);
  if (found.number === template.defaultVersion)
    throw new ServiceError(
      'OperationNotPermitted',
      `Cannot delete the default version ${found.number} of the launch template ${template.id}.`,
    );
  template.versions.delete(found.number);
  return found;
}

function requireData(data: LaunchData): void {
  if (Object.values(data).every((value) => value === undefined))
    throw new ServiceError(
      'MissingParameter',
      'The request must contain the parameter LaunchTemplateData',
    );
}
