import type { Clock } from '../../clock/clock';
import type { RandomSource } from '../../random/random';
import type { Concurrency } from './concurrency';
import { conflict, invalid, notFound, revisionMismatch } from './errors';
import { type FunctionVersion, LambdaFunction } from './function';
import { functionArn, parseFunctionName } from './function-arn';
import type { CodeLibrary, CodeSource } from './function-code';
import {
  constraint,
  type FunctionSettings,
  resolveSettings,
  type SettingsInput,
} from './function-settings';
import type { Invoker } from './invoker';

/** The functions of an account in a region. */
export class FunctionRegistry {
  /** Told of each function that has come into being. */
  onCreated: (fn: LambdaFunction) => void = () => undefined;
  private readonly functions = new Map<string, LambdaFunction>();

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly library: CodeLibrary,
    private readonly invoker: Invoker,
    private readonly concurrency: Concurrency,
  ) {}

  /** In order of their names. */
  list(): LambdaFunction[] {
    return [...this.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): LambdaFunction | undefined {
    return this.functions.get(name);
  }

  /**
   * The function that a caller names.
   *
   * @param text - name, partial ARN or ARN
   * @throws ServiceError ResourceNotFoundException
   */
  get(text: string, qualifier?: string): { fn: LambdaFunction; qualifier: string | undefined } {
    const reference = parseFunctionName(text, qualifier);
    const fn = this.isHere(reference) ? this.functions.get(reference.name) : undefined;
    if (!fn)
      throw notFound(
        `Function not found: ${functionArn(
          reference.account ?? this.account,
          reference.region ?? this.region,
          reference.name,
          reference.qualifier,
        )}`,
      );
    return { fn, qualifier: reference.qualifier };
  }

  /**
   * The version that a caller names.
   *
   * @throws ServiceError ResourceNotFoundException
   */
  version(text: string, qualifier?: string): FunctionVersion {
    const found = this.get(text, qualifier);
    const { fn } = found;
    const draws = this.random.stream(`lambda/${fn.arn}/alias-routing`);
    const version = fn.resolve(found.qualifier, () => draws.next());
    if (!version)
      throw notFound(
        `Function not found: ${functionArn(this.account, this.region, fn.name, found.qualifier)}`,
      );
    return version;
  }

  /** @throws ServiceError if there is one of that name, or for values that Lambda refuses */
  async create(
    name: string,
    input: SettingsInput,
    source: CodeSource,
    tags: Readonly<Record<string, string>>,
  ): Promise<LambdaFunction> {
    const reference = parseFunctionName(name);
    if (reference.qualifier !== undefined)
      throw constraint(name, 'functionName', 'Member must not carry a version or an alias');
    this.refuseTaken(reference.name);
    const settings = resolveSettings(reference.name, input);
    const code = await this.library.unpack(source, this.account, this.region);
    // Someone else may have been quicker while the code was unpacked.
    this.refuseTaken(reference.name);
    const latest = this.snapshot(reference.name, settings, code);
    const fn = new LambdaFunction(latest, new Map(Object.entries(tags)));
    this.functions.set(reference.name, fn);
    this.onCreated(fn);
    return fn;
  }

  /** @param revisionId - refuses the update if it is not the current one */
  async updateCode(fn: LambdaFunction, source: CodeSource, revisionId?: string): Promise<void> {
    this.checkRevision(fn, revisionId);
    const code = await this.library.unpack(source, this.account, this.region);
    await this.replaceLatest(fn, this.snapshot(fn.name, fn.latest.settings, code));
  }

  /** @param revisionId - refuses the update if it is not the current one */
  async updateSettings(
    fn: LambdaFunction,
    input: SettingsInput,
    revisionId?: string,
  ): Promise<void> {
    this.checkRevision(fn, revisionId);
    const settings = resolveSettings(fn.name, input, fn.latest.settings);
    await this.replaceLatest(fn, this.snapshot(fn.name, settings, fn.latest.code));
  }

  /** Gives a function settings that owe nothing to those it had, and other code if there is any. */
  async replace(
    fn: LambdaFunction,
    input: SettingsInput,
    source: CodeSource | undefined,
  ): Promise<void> {
    const settings = resolveSettings(fn.name, input);
    const code = source
      ? await this.library.unpack(source, this.account, this.region)
      : fn.latest.code;
    await this.replaceLatest(fn, this.snapshot(fn.name, settings, code));
  }

  /** Publishes what the function is now. */
  publish(fn: LambdaFunction, description?: string): FunctionVersion {
    return fn.publish(description, this.clock.now(), this.revision(fn.name));
  }

  /** Deletes a published version. */
  async deleteVersion(fn: LambdaFunction, version: string): Promise<void> {
    if (version === '$LATEST' || fn.aliases.has(version))
      throw invalid('$LATEST version cannot be deleted without deleting the function.');
    const user = [...fn.aliases.values()].find(
      (alias) => alias.functionVersion === version || alias.additional?.version === version,
    );
    if (user) throw conflict(`Alias ${user.name} is currently routing to version ${version}.`);
    const found = fn.versions.get(version);
    if (!found) throw notFound(`Function not found: ${fn.arn}:${version}`);
    fn.versions.delete(version);
    await this.invoker.retire([found]);
  }

  async delete(fn: LambdaFunction): Promise<void> {
    this.functions.delete(fn.name);
    this.concurrency.unreserve(fn.name);
    await this.invoker.retire([fn.latest, ...fn.versions.values()]);
  }

  /** A new id for a changed function or alias. */
  revision(name: string): string {
    return this.random.stream(`lambda/${this.account}/${this.region}/${name}/revisions`).uuid();
  }

  private isHere(place: { account: string | undefined; region: string | undefined }): boolean {
    return (
      (place.account ?? this.account) === this.account &&
      (place.region ?? this.region) === this.region
    );
  }

  private refuseTaken(name: string): void {
    if (this.functions.has(name)) throw conflict(`Function already exist: ${name}`);
  }

  private checkRevision(fn: LambdaFunction, revisionId: string | undefined): void {
    if (revisionId !== undefined && revisionId !== fn.latest.revisionId) throw revisionMismatch();
  }

  private snapshot(
    functionName: string,
    settings: FunctionSettings,
    code: FunctionVersion['code'],
  ): FunctionVersion {
    return {
      functionName,
      version: '$LATEST',
      account: this.account,
      region: this.region,
      settings,
      code,
      lastModified: this.clock.now(),
      revisionId: this.revision(functionName),
    };
  }

  private async replaceLatest(fn: LambdaFunction, latest: FunctionVersion): Promise<void> {
    const before = fn.latest;
    fn.latest = latest;
    await this.invoker.retire([before]);
  }
}
