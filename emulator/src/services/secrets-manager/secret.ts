import type { Clock, Timer } from '../../clock/clock';
import { ServiceError } from '../../protocol/errors';
import { alreadyExists, invalidParameter, markedForDeletion, valueNotFound } from './errors';

/** What a version holds: text or bytes. */
export type SecretValue = { readonly text: string } | { readonly binary: Uint8Array };

/** One version of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly created: number;
  /** `AWSCURRENT` and the like; a version without any is deprecated. */
  readonly stages: Set<string>;
  lastAccessed?: number;
}

/** Attributes of a secret apart from its value. */
export interface SecretAttributes {
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The service that manages it, such as `rds`. */
  readonly owningService?: string;
}

const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';
const versionLimit = 100;
const stageLimit = 20;
const sizeLimit = 65_536;
const day = 86_400_000;

/** A secret with its versions, on the emulated clock. */
export class Secret {
  description: string | undefined;
  kmsKeyId: string | undefined;
  resourcePolicy: string | undefined;
  readonly owningService: string | undefined;
  readonly tags = new Map<string, string>();
  readonly created: number;
  lastChanged: number;
  lastAccessed: number | undefined;
  private versions: SecretVersion[] = [];
  private deletion: { readonly requested: number; readonly timer: Timer } | undefined;

  constructor(
    readonly arn: string,
    readonly name: string,
    private readonly clock: Clock,
    attributes: SecretAttributes,
  ) {
    this.description = attributes.description;
    this.kmsKeyId = attributes.kmsKeyId;
    this.owningService = attributes.owningService;
    for (const [key, value] of Object.entries(attributes.tags ?? {})) this.tags.set(key, value);
    this.created = clock.now();
    this.lastChanged = this.created;
  }

  /** Emulated time at which its deletion was asked for. */
  get deleted(): number | undefined {
    return this.deletion?.requested;
  }

  /** Every version, oldest first. */
  allVersions(): readonly SecretVersion[] {
    return this.versions;
  }

  /** @throws ServiceError `InvalidRequestException` if it waits for its deletion. */
  assertUsable(): void {
    if (this.deletion) throw markedForDeletion();
  }

  /**
   * Adds a version and moves the staging labels to it. Asking again with the same id and value changes nothing.
   *
   * @throws ServiceError `ResourceExistsException` if a version of that id has another value.
   */
  put(id: string, value: SecretValue, stages: readonly string[] = [current]): SecretVersion {
    this.assertUsable();
    assertSize(value);
    const existing = this.versions.find((version) => version.id === id);
    if (existing) {
      if (!sameValue(existing.value, value))
        throw alreadyExists(
          `You can't modify the value of version ${id}, which exists already. Use another ClientRequestToken.`,
        );
      return existing;
    }
    const version: SecretVersion = { id, value, created: this.clock.now(), stages: new Set() };
    this.versions.push(version);
    for (const stage of stages) this.moveStage(stage, version);
    // The first version is the current one, whatever labels it was given.
    if (!this.withStage(current)) version.stages.add(current);
    this.forgetDeprecated();
    this.lastChanged = this.clock.now();
    return version;
  }

  /**
   * The version of that id, or else with that label.
   *
   * @throws ServiceError `ResourceNotFoundException` if there is none.
   */
  version(id: string | undefined, stage: string | undefined): SecretVersion {
    if (id !== undefined) {
      const version = this.versions.find((candidate) => candidate.id === id);
      if (!version || (stage !== undefined && !version.stages.has(stage)))
        throw valueNotFound(`VersionId: ${id}`);
      return version;
    }
    const version = this.withStage(stage ?? current);
    if (!version) throw valueNotFound(`staging label: ${stage ?? current}`);
    return version;
  }

  /** Notes a read; AWS keeps the day only. */
  touch(version: SecretVersion): void {
    const today = Math.floor(this.clock.now() / day) * day;
    version.lastAccessed = today;
    this.lastAccessed = today;
  }

  /**
   * Moves a label, as `UpdateSecretVersionStage` does.
   *
   * @throws ServiceError `InvalidParameterException` if the label is not where the caller thinks it is.
   */
  updateStage(stage: string, from: string | undefined, to: string | undefined): void {
    this.assertUsable();
    const holder = this.withStage(stage);
    if (holder && holder.id !== from && holder.id !== to)
      throw invalidParameter(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    if (from !== undefined && !this.version(from, undefined).stages.has(stage))
      throw invalidParameter(`Staging label ${stage} is not attached to version ${from}.`);
    if (to !== undefined) this.moveStage(stage, this.version(to, undefined));
    else if (stage === current)
      throw invalidParameter(`You can't remove the staging label ${current} from a secret.`);
    else holder?.stages.delete(stage);
    this.lastChanged = this.clock.now();
  }

  /** Schedules its removal; returns the emulated time of it. */
  scheduleDeletion(days: number, remove: () => void): number {
    this.assertUsable();
    const due = this.clock.now() + days * day;
    const timer = this.clock.at(due, `deletion of secret ${this.name}`, remove);
    this.deletion = { requested: this.clock.now(), timer };
    return due;
  }

  /** Takes a scheduled deletion back. */
  restore(): void {
    this.deletion?.timer.cancel();
    this.deletion = undefined;
  }

  private withStage(stage: string): SecretVersion | undefined {
    return this.versions.find((version) => version.stages.has(stage));
  }

  private moveStage(stage: string, to: SecretVersion): void {
    const holder = this.withStage(stage);
    if (holder === to) return;
    if (to.stages.size >= stageLimit)
      throw new ServiceError(
        'LimitExceededException',
        'You exceeded the maximum number of staging labels allowed on a secret.',
      );
    holder?.stages.delete(stage);
    to.stages.add(stage);
    if (stage === current && holder) {
      this.withStage(previous)?.stages.delete(previous);
      holder.stages.add(previous);
    }
  }

  private forgetDeprecated(): void {
    const deprecated = this.versions.filter((version) => version.stages.size === 0);
    const surplus = new Set(deprecated.slice(0, Math.max(0, this.versions.length - versionLimit)));
    this.versions = this.versions.filter((version) => !surplus.has(version));
  }
}

function assertSize(value: SecretValue): void {
  const size = 'text' in value ? Buffer.byteLength(value.text) : value.binary.byteLength;
  if (size > sizeLimit)
    throw invalidParameter(`A secret value can have at most ${sizeLimit} bytes, got ${size}.`);
}

function sameValue(one: SecretValue, other: SecretValue): boolean {
  if ('text' in one) return 'text' in other && one.text === other.text;
  return 'binary' in other && Buffer.compare(one.binary, other.binary) === 0;
}
