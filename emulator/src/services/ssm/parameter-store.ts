import type { Clock } from '../../clock/clock';
import type { Caller } from '../../iam/caller';
import { NotImplementedError, ServiceError } from '../../protocol/errors';
import {
  Parameter,
  type ParameterTier,
  type ParameterType,
  type ParameterVersion,
} from './parameter';
import { checkParameterName, parameterArn, parseReference } from './parameter-name';
import { isPublicName, publicParameterNames, publicParameterValue } from './public-parameters';
import { defaultKeyId, encryptionContext, type SecureStringKeys } from './secure-string-keys';

/** What PutParameter is given. */
export interface ParameterSettings {
  readonly value: string;
  readonly type?: ParameterType | undefined;
  readonly description?: string | undefined;
  readonly keyId?: string | undefined;
  readonly allowedPattern?: string | undefined;
  readonly tier?: ParameterTier | 'Intelligent-Tiering' | undefined;
  readonly overwrite?: boolean | undefined;
}

const standardSize = 4096;
const advancedSize = 8192;
// When AWS published these images does not matter to anybody; that it does not change does.
const publishedAt = Date.UTC(2024, 0, 1);

/** The parameters of one account in one region, and the public ones of that region. */
export class ParameterStore {
  private readonly parameters = new Map<string, Parameter>();
  /** Values of names that nobody has put. */
  private readonly fallbacks = new Map<string, string>();

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly clock: Clock,
    private readonly keys: SecureStringKeys,
  ) {}

  /** By name; without the public ones, which DescribeParameters does not list either. */
  all(): Parameter[] {
    return [...this.parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  arn(name: string): string {
    return parameterArn(this.region, isPublicName(name) ? '' : this.account, name);
  }

  put(name: string, settings: ParameterSettings, caller: Caller): ParameterVersion {
    checkParameterName(name);
    const existing = this.parameters.get(name);
    if (existing && !settings.overwrite)
      throw new ServiceError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    const type = settings.type ?? existing?.latest.type;
    if (type === undefined)
      throw new ServiceError(
        'ValidationException',
        'A parameter type is required when you create a parameter.',
      );
    if (existing && existing.latest.type !== type)
      throw new ServiceError(
        'HierarchyTypeMismatchException',
        `Parameter Store does not support changing a parameter type, from ${existing.latest.type} to ${type}. You must create a new, unique parameter.`,
      );
    const tier = chooseTier(settings, existing?.latest.tier);
    checkValue(settings, type);
    const keyId = type === 'SecureString' ? (settings.keyId ?? defaultKeyId) : undefined;
    if (settings.keyId !== undefined && type !== 'SecureString')
      throw new ServiceError(
        'ValidationException',
        'KeyId is required for SecureString type parameter only.',
      );
    const version: ParameterVersion = {
      version: (existing?.latest.version ?? 0) + 1,
      type,
      value:
        keyId === undefined ? settings.value : this.encrypt(name, settings.value, keyId, caller),
      keyId,
      description: settings.description ?? existing?.latest.description,
      allowedPattern: settings.allowedPattern ?? existing?.latest.allowedPattern,
      tier,
      dataType: 'text',
      modifiedAt: this.clock.now(),
      modifiedBy: caller.arn,
    };
    if (existing) existing.add(version);
    else this.parameters.set(name, new Parameter(name, this.arn(name), version));
    return version;
  }

  /** Gives a name a value for as long as nobody puts it, without making it a parameter of the account. */
  setFallback(name: string, value: string): void {
    this.fallbacks.set(name, value);
  }

  /** Undefined if there is no such parameter; public ones are found too. */
  find(name: string): Parameter | undefined {
    return this.parameters.get(name) ?? this.givenParameter(name);
  }

  /** @throws ParameterNotFound */
  get(name: string): Parameter {
    const parameter = this.find(name);
    if (!parameter) throw parameterNotFound(name);
    return parameter;
  }

  /**
   * The version that a name with a selector means.
   *
   * @throws ParameterNotFound, ParameterVersionNotFound, NotImplemented for labels
   */
  resolve(reference: string): {
    parameter: Parameter;
    version: ParameterVersion;
    selector?: string;
  } {
    const { name, version, selector } = parseReference(reference);
    const parameter = this.get(name);
    if (Number.isNaN(version)) throw new NotImplementedError(`the label ${selector} of ${name}`);
    return { parameter, version: parameter.version(version), selector };
  }

  /** False if there was none. */
  delete(name: string): boolean {
    return this.parameters.delete(name);
  }

  /** What lies under a path: directly, or at any depth. */
  under(path: string, recursive: boolean): Parameter[] {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const inReach = (name: string) =>
      name.startsWith('/') &&
      name.startsWith(prefix) &&
      (recursive || !name.slice(prefix.length).includes('/'));
    const published = publicParameterNames()
      .filter((name) => isPublicName(prefix) && inReach(name))
      .map((name) => this.get(name));
    return [...this.all().filter((parameter) => inReach(parameter.name)), ...published];
  }

  decrypt(parameter: Parameter, version: ParameterVersion, caller: Caller): string {
    const plaintext = this.keys.decrypt(
      Buffer.from(version.value, 'base64'),
      encryptionContext(parameter.arn),
      this.user(caller),
    );
    return Buffer.from(plaintext).toString('utf8');
  }

  private encrypt(name: string, value: string, keyId: string, caller: Caller): string {
    const context = encryptionContext(this.arn(name));
    try {
      const plaintext = Buffer.from(value);
      const { ciphertext } = this.keys.encrypt(keyId, plaintext, context, this.user(caller));
      return Buffer.from(ciphertext).toString('base64');
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'NotFoundException')
        throw new ServiceError('InvalidKeyId', `Invalid keyId ${keyId}`);
      throw error;
    }
  }

  private user(caller: Caller) {
    return { caller, account: this.account, region: this.region, viaService: 'ssm' };
  }

  private givenParameter(name: string): Parameter | undefined {
    const value = publicParameterValue(name, this.region) ?? this.fallbacks.get(name);
    if (value === undefined) return undefined;
    return new Parameter(name, this.arn(name), {
      version: 1,
      type: 'String',
      value,
      keyId: undefined,
      description: undefined,
      allowedPattern: undefined,
      tier: 'Standard',
      dataType: 'text',
      modifiedAt: publishedAt,
      modifiedBy: '',
    });
  }
}

/** The answer to a name that nobody has put. */
export function parameterNotFound(name: string): ServiceError {
  return new ServiceError('ParameterNotFound', `Parameter ${name} not found.`);
}

function chooseTier(
  settings: ParameterSettings,
  existing: ParameterTier | undefined,
): ParameterTier {
  const size = Buffer.byteLength(settings.value);
  const { tier: asked } = settings;
  if (existing === 'Advanced' && asked === 'Standard')
    throw new ServiceError(
      'ValidationException',
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  const automatic = size > standardSize ? 'Advanced' : 'Standard';
  const tier =
    existing === 'Advanced'
      ? 'Advanced'
      : asked === 'Intelligent-Tiering'
        ? automatic
        : (asked ?? 'Standard');
  if (tier === 'Standard' && size > standardSize)
    throw new ServiceError(
      'ValidationException',
      'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html',
    );
  if (size > advancedSize)
    throw new ServiceError(
      'ValidationException',
      'Advanced tier parameters support a maximum parameter value of 8192 characters.',
    );
  return tier;
}

function checkValue(
  { value, allowedPattern, description }: ParameterSettings,
  type: ParameterType,
) {
  if (value.length === 0)
    throw new ServiceError(
      'ValidationException',
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (/\{\{.*\}\}/s.test(value))
    throw new ServiceError(
      'ValidationException',
      'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.',
    );
  if (description !== undefined && description.length > 1024)
    throw new ServiceError(
      'ValidationException',
      "1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 1024",
    );
  if (allowedPattern === undefined) return;
  let pattern: RegExp;
  try {
    pattern = new RegExp(allowedPattern);
  } catch {
    throw new ServiceError(
      'InvalidAllowedPatternException',
      `The allowed pattern ${allowedPattern} is not a valid regular expression.`,
    );
  }
  // Every item of a list has to match on its own.
  const items = type === 'StringList' ? value.split(',') : [value];
  if (items.some((item) => !pattern.test(item)))
    throw new ServiceError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
}
