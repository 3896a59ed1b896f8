import { ServiceError } from '../../protocol/errors';
import type { RandomStream } from '../../random/random';

/** What a generated password is made of. */
export interface PasswordRequirements {
  /** 1 to 4,096. @default 32 */
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly ExcludeLowercase?: boolean;
  readonly IncludeSpace?: boolean;
  /** @default true */
  readonly RequireEachIncludedType?: boolean;
}

const lowercase = 'abcdefghijklmnopqrstuvwxyz';
const uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const numbers = '0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/**
 * A password as Secrets Manager generates it.
 *
 * @throws ServiceError `InvalidParameterException` if nothing is left to choose from, or not every required
 *   type fits in.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export function randomPassword(random: RandomStream, requirements: PasswordRequirements): string {
  const { PasswordLength: length = 32, RequireEachIncludedType: eachType = true } = requirements;
  if (!Number.isInteger(length) || length < 1 || length > 4096)
    throw invalid(`PasswordLength must be between 1 and 4096, got ${length}.`);
  const excluded = new Set(requirements.ExcludeCharacters ?? '');
  const types = [
    requirements.ExcludeLowercase ? '' : lowercase,
    requirements.ExcludeUppercase ? '' : uppercase,
    requirements.ExcludeNumbers ? '' : numbers,
    requirements.ExcludePunctuation ? '' : punctuation,
    requirements.IncludeSpace ? ' ' : '',
  ]
    .map((characters) => [...characters].filter((character) => !excluded.has(character)).join(''))
    .filter((characters) => characters !== '');
  const all = types.join('');
  if (all === '') throw invalid('The password must include at least one character type.');
  const required = eachType ? types : [];
  if (required.length > length)
    throw invalid('The password length is too short based on the required types.');
  const characters = [
    ...required.map((type) => random.characters(1, type)),
    ...random.characters(length - required.length, all),
  ];
  return shuffled(characters, random).join('');
}

function shuffled<T>(items: readonly T[], random: RandomStream): T[] {
  const pool = [...items];
  const result: T[] = [];
  while (pool.length > 0) result.push(...pool.splice(random.integer(pool.length), 1));
  return result;
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}
