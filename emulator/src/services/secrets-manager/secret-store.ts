import type { Clock } from '../../clock/clock';
import { ServiceError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import { alreadyExists, invalidParameter, invalidRequest, secretNotFound } from './errors';
import { Secret, type SecretAttributes, type SecretValue } from './secret';

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** What a secret is created with. */
export interface NewSecret extends SecretAttributes {
  readonly name: string;
  /** A secret without a value has no version. */
  readonly value?: SecretValue;
  /** Id of the first version. @default - a random UUID */
  readonly versionId?: string;
}

/** The secrets of one account and region. */
export class SecretStore {
  private readonly secrets = new Map<string, Secret>();

  constructor(
    private readonly account: string,
    private readonly region: string,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  /**
   * Creates a secret.
   *
   * @throws ServiceError `ResourceExistsException` if the name is taken, `InvalidRequestException` if the one that
   *   has it waits for its deletion.
   */
  create(definition: NewSecret): Secret {
    const { name, value, versionId } = definition;
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    if (!/^[A-Za-z0-9/_+=.@!-]{1,512}$/.test(name))
      throw new ServiceError(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      );
    const existing = this.secrets.get(name);
    if (existing) return this.again(existing, definition);
    const random = this.random.stream(this.streamName(name));
    const arn = `${this.arnPrefix}${name}-${random.characters(6, alphanumeric)}`;
    const secret = new Secret(arn, name, this.clock, definition);
    if (value) secret.put(versionId ?? random.uuid(), value);
    this.secrets.set(name, secret);
    return secret;
  }

  /** A new version of a secret; its id is random unless given. */
  put(secret: Secret, value: SecretValue, versionId?: string, stages?: readonly string[]) {
    return secret.put(
      versionId ?? this.random.stream(this.streamName(secret.name)).uuid(),
      value,
      stages,
    );
  }

  /**
   * The secret of that name, ARN, or ARN without its six random characters; also one that waits for its deletion.
   *
   * @throws ServiceError `ResourceNotFoundException` if there is none.
   */
  get(id: string): Secret {
    const secret = this.find(id);
    if (!secret) throw secretNotFound();
    return secret;
  }

  find(id: string): Secret | undefined {
    const name = id.startsWith('arn:') ? id.split(':').slice(6).join(':') : id;
    const byFullArn = id.startsWith('arn:') ? this.secrets.get(name.slice(0, -7)) : undefined;
    if (byFullArn?.arn === id) return byFullArn;
    return this.secrets.get(name);
  }

  /** ARN of what `id` names, for asking about permission before telling whether it exists. */
  arnOf(id: string): string {
    return this.find(id)?.arn ?? (id.startsWith('arn:') ? id : `${this.arnPrefix}${id}`);
  }

  /**
   * Deletes a secret at once, or when the recovery window has passed.
   *
   * @returns emulated time of its removal.
   */
  delete(secret: Secret, window: { readonly days: number } | 'at once'): number {
    if (window === 'at once') {
      this.remove(secret);
      return this.clock.now();
    }
    if (!Number.isInteger(window.days) || window.days < 7 || window.days > 30)
      throw invalidParameter(
        'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
      );
    return secret.scheduleDeletion(window.days, () => this.remove(secret));
  }

  /** The emulated time. */
  now(): number {
    return this.clock.now();
  }

  /** Every secret by name, those waiting for their deletion included. */
  all(): Secret[] {
    return [...this.secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private again(existing: Secret, { name, value, versionId }: NewSecret): Secret {
    if (existing.deleted !== undefined)
      throw invalidRequest(
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    // A retried request carries the id of the version that its first attempt made.
    const version = existing.allVersions().find(({ id }) => id === versionId);
    if (!version || !value)
      throw alreadyExists(`The operation failed because the secret ${name} already exists.`);
    existing.put(version.id, value);
    return existing;
  }

  private remove(secret: Secret): void {
    secret.restore();
    this.secrets.delete(secret.name);
  }

  private streamName(name: string): string {
    return `secretsmanager/${this.account}/${this.region}/${name}`;
  }

  private get arnPrefix(): string {
    return `arn:aws:secretsmanager:${this.region}:${this.account}:secret:`;
  }
}
