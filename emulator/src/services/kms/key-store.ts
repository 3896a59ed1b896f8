import type { Clock, Timer } from '../../clock/clock';
import { ServiceError } from '../../protocol/errors';
import type { RandomSource, RandomStream } from '../../random/random';
import { type KeySettings, KmsKey } from './key';
import { awsManagedKeyPolicy } from './key-policy';

/** Another name of a key. */
export interface Alias {
  /** `alias/…` */
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  targetKeyId: string;
  updatedAt: number;
}

const day = 24 * 60 * 60 * 1000;

/** The keys and aliases of one account in one region. */
export class KeyStore {
  readonly keys = new Map<string, KmsKey>();
  private readonly aliasesByName = new Map<string, Alias>();
  private readonly deletions = new Map<string, Timer>();
  private readonly ids: RandomStream;

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {
    this.ids = random.stream(`kms/${account}/${region}/ids`);
  }

  create(settings: KeySettings): KmsKey {
    const id = this.ids.uuid();
    const arn = `arn:aws:kms:${this.region}:${this.account}:key/${id}`;
    const material = Buffer.from(this.random.stream(`kms/${arn}/material`).hex(64), 'hex');
    const key = new KmsKey(id, arn, this.account, this.clock.now(), material, settings);
    this.keys.set(id, key);
    return key;
  }

  /** By name. */
  aliases(): Alias[] {
    return [...this.aliasesByName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The key that an alias stands for; `alias/aws/…` come into being when first asked for. */
  keyOfAlias(name: string): KmsKey {
    const service = /^alias\/aws\/([a-z0-9]+)$/.exec(name)?.[1];
    const alias = this.aliasesByName.get(name) ?? (service && this.createAwsManaged(name, service));
    if (!alias) throw this.aliasNotFound(name);
    return this.key(alias.targetKeyId);
  }

  /** @throws NotFoundException */
  key(id: string): KmsKey {
    const key = this.keys.get(id);
    if (!key)
      throw new ServiceError(
        'NotFoundException',
        `Key 'arn:aws:kms:${this.region}:${this.account}:key/${id}' does not exist`,
      );
    return key;
  }

  createAlias(name: string, key: KmsKey): Alias {
    if (this.aliasesByName.has(name))
      throw new ServiceError(
        'AlreadyExistsException',
        `An alias with the name ${this.aliasArn(name)} already exists`,
      );
    return this.addAlias(name, key);
  }

  updateAlias(name: string, key: KmsKey): void {
    const alias = this.alias(name);
    alias.targetKeyId = key.id;
    alias.updatedAt = this.clock.now();
  }

  deleteAlias(name: string): void {
    this.alias(name);
    this.aliasesByName.delete(name);
  }

  alias(name: string): Alias {
    const alias = this.aliasesByName.get(name);
    if (!alias) throw this.aliasNotFound(name);
    return alias;
  }

  hasAlias(name: string): boolean {
    return this.aliasesByName.has(name);
  }

  aliasArn(name: string): string {
    return `arn:aws:kms:${this.region}:${this.account}:${name}`;
  }

  /** Deletes a key, and the aliases that still name it, when the window is over. */
  scheduleDeletion(key: KmsKey, pendingWindowInDays: number): void {
    key.requireNotPendingDeletion();
    const due = this.clock.now() + pendingWindowInDays * day;
    key.state = 'PendingDeletion';
    key.deletionDate = due;
    const timer = this.clock.at(due, `deletion of ${key.arn}`, () => {
      this.keys.delete(key.id);
      this.deletions.delete(key.id);
      for (const alias of this.aliases())
        if (alias.targetKeyId === key.id) this.aliasesByName.delete(alias.name);
    });
    this.deletions.set(key.id, timer);
  }

  /** The key is disabled afterwards. */
  cancelDeletion(key: KmsKey): void {
    if (key.state !== 'PendingDeletion')
      throw new ServiceError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
    this.deletions.get(key.id)?.cancel();
    this.deletions.delete(key.id);
    key.state = 'Disabled';
    key.deletionDate = undefined;
  }

  stop(): void {
    for (const timer of this.deletions.values()) timer.cancel();
    this.deletions.clear();
  }

  private createAwsManaged(name: string, service: string): Alias {
    const key = this.create({
      description: `Default key that protects my ${service} data when no other key is defined`,
      policy: awsManagedKeyPolicy(this.account, this.region, service),
      manager: 'AWS',
      tags: {},
    });
    key.rotationEnabled = true;
    return this.addAlias(name, key);
  }

  private addAlias(name: string, key: KmsKey): Alias {
    const now = this.clock.now();
    const arn = this.aliasArn(name);
    const alias = { name, arn, createdAt: now, updatedAt: now, targetKeyId: key.id };
    this.aliasesByName.set(name, alias);
    return alias;
  }

  private aliasNotFound(name: string): ServiceError {
    return new ServiceError('NotFoundException', `Alias ${this.aliasArn(name)} is not found.`);
  }
}
