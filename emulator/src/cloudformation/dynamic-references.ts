import type { TemplateValue } from './provider';
import { validationError } from './template-errors';
import { isList, isPartialObject, mapStrings, type PartialValue, unresolved } from './values';

/** What a dynamic reference asks SSM for. */
export interface SsmParameterQuery {
  readonly account: string;
  readonly region: string;
  /** Name or ARN. */
  readonly name: string;
  /** @default - the latest */
  readonly version?: string;
  /** Whether `ssm-secure` asked, which takes SecureString parameters. */
  readonly secure: boolean;
}

/** What a dynamic reference asks Secrets Manager for. */
export interface SecretQuery {
  readonly account: string;
  readonly region: string;
  /** Name or ARN. */
  readonly secretId: string;
  /** @default AWSCURRENT */
  readonly versionStage?: string;
  readonly versionId?: string;
}

/** Looks up what dynamic references stand for; undefined if there is nothing. The composition root fills it. */
export interface ValueResolvers {
  readonly resolveSsmParameter?: (query: SsmParameterQuery) => Promise<string | undefined>;
  /** The whole `SecretString`. */
  readonly resolveSecret?: (query: SecretQuery) => Promise<string | undefined>;
}

const reference = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]+)\}\}/g;

/**
 * Replaces every `{{resolve:...}}` in a value, once all intrinsic functions have been evaluated.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export function resolveDynamicReferences(
  value: TemplateValue,
  resolvers: ValueResolvers,
  account: string,
  region: string,
): Promise<TemplateValue> {
  return mapStrings(value, async (text) => {
    let result = text;
    for (const [match, service = '', argument = ''] of text.matchAll(reference)) {
      const replacement =
        service === 'secretsmanager'
          ? await secretValue(argument, resolvers, account, region)
          : await ssmValue(argument, service === 'ssm-secure', resolvers, account, region);
      result = result.replace(match, () => replacement);
    }
    return result;
  });
}

/** Marks as unresolved what {@link resolveDynamicReferences} will look up. */
export function withoutDynamicReferences(value: PartialValue): PartialValue {
  if (typeof value === 'string') return value.includes('{{resolve:') ? unresolved : value;
  if (isList<PartialValue>(value)) return value.map(withoutDynamicReferences);
  if (isPartialObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withoutDynamicReferences(item)]),
    );
  }
  return value;
}

async function ssmValue(
  argument: string,
  secure: boolean,
  resolvers: ValueResolvers,
  account: string,
  region: string,
): Promise<string> {
  const version = /:(\d+)$/.exec(argument)?.[1];
  const name = version === undefined ? argument : argument.slice(0, -version.length - 1);
  const value = await resolvers.resolveSsmParameter?.({ account, region, name, version, secure });
  if (value === undefined) {
    throw validationError(
      `Unable to fetch parameters [${name}] from parameter store for this account.`,
    );
  }
  return value;
}

/** `secret-id:SecretString:json-key:version-stage:version-id`, all but the first optional; the id may be an ARN. */
async function secretValue(
  argument: string,
  resolvers: ValueResolvers,
  account: string,
  region: string,
): Promise<string> {
  const parts = argument.split(':');
  const idParts = parts[0] === 'arn' ? 7 : 1;
  const secretId = parts.slice(0, idParts).join(':');
  const [kind = '', jsonKey = '', versionStage = '', versionId = ''] = parts.slice(idParts);
  if (kind !== '' && kind !== 'SecretString') {
    throw validationError(`Invalid dynamic reference {{resolve:secretsmanager:${argument}}}`);
  }
  const secret = await resolvers.resolveSecret?.({
    account,
    region,
    secretId,
    versionStage: versionStage || undefined,
    versionId: versionId || undefined,
  });
  if (secret === undefined) {
    throw validationError(`Secrets Manager can't find the specified secret. (${secretId})`);
  }
  if (jsonKey === '') return secret;
  const value = jsonMember(secret, jsonKey);
  if (value === undefined) {
    throw validationError(
      `Could not find a value associated with JSONKey in SecretString (${jsonKey} of ${secretId})`,
    );
  }
  return value;
}

function jsonMember(secret: string, key: string): string | undefined {
  try {
    const value: unknown = JSON.parse(secret)?.[key];
    if (value === undefined) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
