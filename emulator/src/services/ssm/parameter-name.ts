import { ServiceError } from '../../protocol/errors';

const maxLevels = 15;
const maxLength = 1011;

/** A parameter's name without a selector, and the version that a selector names. */
export interface ParameterReference {
  readonly name: string;
  readonly version: number | undefined;
  /** As it was given, such as `:3`; undefined without one. */
  readonly selector: string | undefined;
}

/**
 * Checks the name of a parameter that is to be put.
 *
 * See https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
 *
 * @throws ValidationException, HierarchyLevelLimitExceededException, AccessDeniedException for AWS's own names
 */
export function checkParameterName(name: string): void {
  if (name.length > maxLength)
    throw new ServiceError(
      'ValidationException',
      `Parameter name: must be at most ${maxLength} characters long.`,
    );
  const bare = name.replace(/^\//, '');
  if (/^aws(\/|$)/i.test(bare) || /^aws/i.test(bare))
    throw new ServiceError(
      'AccessDeniedException',
      `No access to reserved parameter name: ${name}.`,
    );
  if (/^ssm/i.test(bare) || !/^[a-zA-Z0-9_.\-/]+$/.test(name) || /\/\/|\/$/.test(name))
    throw new ServiceError(
      'ValidationException',
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  if (bare.includes('/') && !name.startsWith('/'))
    throw new ServiceError('ValidationException', 'Parameter name must be a fully qualified name.');
  if (bare.split('/').length > maxLevels)
    throw new ServiceError(
      'HierarchyLevelLimitExceededException',
      `A parameter name can have a maximum of ${maxLevels} hierarchy levels.`,
    );
}

/**
 * Takes apart what GetParameter and its relatives call a name: a name or an ARN, with `:version` or
 * `:label` behind it where a certain version is meant.
 */
export function parseReference(text: string): ParameterReference {
  const arn = /^arn:aws[a-z-]*:ssm:[^:]*:\d{0,12}:parameter(\/.*)$/.exec(text)?.[1];
  const local = arn ?? text;
  const [, name = local, selector] = /^([^:]*):(.+)$/.exec(local) ?? [];
  // An ARN has a slash before every name, also before one that has none itself.
  const plain = arn !== undefined && name.lastIndexOf('/') === 0 ? name.slice(1) : name;
  if (selector === undefined) return { name: plain, version: undefined, selector: undefined };
  const version = /^\d+$/.test(selector) ? Number(selector) : Number.NaN;
  return { name: plain, version, selector: `:${selector}` };
}

/** A parameter's ARN; that of a public one has no account. */
export function parameterArn(region: string, account: string, name: string): string {
  return `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}
