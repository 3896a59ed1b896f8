import { ServiceError } from '../../protocol/errors';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type ParameterTier = 'Standard' | 'Advanced';

/** One version of a parameter. */
export interface ParameterVersion {
  readonly version: number;
  readonly type: ParameterType;
  /** Of a SecureString: the ciphertext in base64. */
  readonly value: string;
  /** Of a SecureString: the key as it was named. */
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly tier: ParameterTier;
  readonly dataType: 'text';
  /** Emulated milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** ARN of who put it. */
  readonly modifiedBy: string;
}

const versionLimit = 100;

/** A parameter: its last 100 versions. */
export class Parameter {
  readonly tags = new Map<string, string>();
  private kept: ParameterVersion[];

  constructor(
    readonly name: string,
    readonly arn: string,
    first: ParameterVersion,
  ) {
    this.kept = [first];
  }

  /** Oldest first. */
  get versions(): readonly ParameterVersion[] {
    return this.kept;
  }

  get latest(): ParameterVersion {
    const latest = this.kept.at(-1);
    if (!latest) throw new Error(`${this.name} has no version`);
    return latest;
  }

  /** The oldest of 100 versions makes room for the new one. */
  add(version: ParameterVersion): void {
    this.kept = [...this.kept, version].slice(-versionLimit);
  }

  /** @throws ParameterVersionNotFound */
  version(number: number | undefined): ParameterVersion {
    if (number === undefined) return this.latest;
    const found = this.kept.find((version) => version.version === number);
    if (!found)
      throw new ServiceError(
        'ParameterVersionNotFound',
        `Systems Manager could not find version ${number} of ${this.name}. Verify the version and try again.`,
      );
    return found;
  }
}
