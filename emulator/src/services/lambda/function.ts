import { functionArn } from './function-arn';
import type { FunctionCode } from './function-code';
import type { FunctionPolicy } from './function-policy';
import type { FunctionSettings } from './function-settings';

/** `$LATEST`, or a published version: settings and code that belong together. */
export interface FunctionVersion {
  readonly functionName: string;
  /** `$LATEST`, or a number that counts from 1. */
  readonly version: string;
  readonly account: string;
  readonly region: string;
  readonly settings: FunctionSettings;
  readonly code: FunctionCode;
  /** Emulated time. */
  readonly lastModified: number;
  readonly revisionId: string;
}

/** A name for a version, or for two with weights. */
export interface FunctionAlias {
  readonly name: string;
  readonly functionVersion: string;
  readonly description: string;
  /** Weight in [0, 1] of another version. */
  readonly additional?: { readonly version: string; readonly weight: number };
  readonly revisionId: string;
}

/** How asynchronous invocations are repeated. */
export interface EventInvokeSettings {
  /** @default 2 */
  readonly maximumRetryAttempts?: number;
  /** Seconds. @default 21600 */
  readonly maximumEventAge?: number;
  readonly lastModified: number;
}

/** A function: what it is now, the versions it has published, and the names for them. */
export class LambdaFunction {
  readonly versions = new Map<string, FunctionVersion>();
  readonly aliases = new Map<string, FunctionAlias>();
  /** By qualifier; '' for the function itself. */
  readonly policies = new Map<string, FunctionPolicy>();
  /** By qualifier; `$LATEST` for the function itself. */
  readonly eventInvoke = new Map<string, EventInvokeSettings>();
  private published = 0;

  constructor(
    public latest: FunctionVersion,
    readonly tags: Map<string, string>,
  ) {}

  get name(): string {
    return this.latest.functionName;
  }

  /** ARN without a qualifier. */
  get arn(): string {
    return functionArn(this.latest.account, this.latest.region, this.name);
  }

  /**
   * Publishes what the function is now, unless nothing has changed since the last version.
   * https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
   */
  publish(
    description: string | undefined,
    lastModified: number,
    revisionId: string,
  ): FunctionVersion {
    const last = this.versions.get(String(this.published));
    const { settings, code } = this.latest;
    if (last && last.code === code && sameSettings(last.settings, settings)) return last;
    this.published += 1;
    const version: FunctionVersion = {
      ...this.latest,
      version: String(this.published),
      settings: description === undefined ? settings : { ...settings, description },
      lastModified,
      revisionId,
    };
    this.versions.set(version.version, version);
    return version;
  }

  /**
   * The version that a qualifier stands for.
   *
   * @param draw - in [0, 1): decides between the two versions of a weighted alias
   */
  resolve(qualifier: string | undefined, draw: () => number): FunctionVersion | undefined {
    if (qualifier === undefined || qualifier === '$LATEST') return this.latest;
    const alias = this.aliases.get(qualifier);
    if (!alias) return this.versions.get(qualifier);
    const { additional } = alias;
    const version =
      additional && draw() < additional.weight ? additional.version : alias.functionVersion;
    return version === '$LATEST' ? this.latest : this.versions.get(version);
  }
}

function sameSettings(a: FunctionSettings, b: FunctionSettings): boolean {
  return JSON.stringify({ ...a, description: '' }) === JSON.stringify({ ...b, description: '' });
}
