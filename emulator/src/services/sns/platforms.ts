import type { RandomSource } from '../../random/random';
import { invalidParameter, notFound } from './errors';
import { arnParts } from './names';
import { OrderedItems } from './ordered-items';

/** A device that gets push notifications. */
export interface PlatformEndpoint {
  readonly arn: string;
  /** Such as `GCM`. */
  readonly platform: string;
  readonly attributes: Map<string, string>;
  /** Whether messages go to it. */
  readonly enabled: boolean;
}

/** An app registered with a push service. */
export interface PlatformApplication {
  readonly arn: string;
  readonly attributes: Map<string, string>;
  readonly endpoints: OrderedItems<PlatformEndpoint>;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformApplication.html */
const platforms = new Set([
  'ADM',
  'APNS',
  'APNS_SANDBOX',
  'APNS_VOIP',
  'APNS_VOIP_SANDBOX',
  'BAIDU',
  'FCM',
  'GCM',
  'MACOS',
  'MACOS_SANDBOX',
  'MPNS',
  'WNS',
]);

const applicationAttributes =
  /^(PlatformCredential|PlatformPrincipal|EventEndpointCreated|EventEndpointDeleted|EventEndpointUpdated|EventDeliveryFailure|SuccessFeedbackRoleArn|FailureFeedbackRoleArn|SuccessFeedbackSampleRate|ApplePlatformTeamID|ApplePlatformBundleID|Enabled)$/;

/** Secrets, which are never shown. */
const secretAttributes = new Set(['PlatformCredential', 'PlatformPrincipal']);

const endpointAttributes = new Set(['CustomUserData', 'Enabled', 'Token']);

/** The platform applications of an account in a region, with their endpoints. */
export class PlatformRegistry {
  readonly applications = new OrderedItems<PlatformApplication>(({ arn }) => arn);

  constructor(
    private readonly account: string,
    private readonly region: string,
    private readonly random: RandomSource,
  ) {}

  createApplication(
    name: string,
    platform: string,
    attributes: Readonly<Record<string, string>>,
  ): PlatformApplication {
    checkApplicationName(name);
    if (!platforms.has(platform))
      throw invalidParameter(`Platform Reason: ${platform} is not supported`);
    checkApplicationAttributes(attributes);
    if (attributes.PlatformCredential === undefined)
      throw invalidParameter('Attributes Reason: PlatformCredential attribute is required');
    // The push services of Apple by token, and Firebase, take a credential without a principal.
    const needsPrincipal = !/^(GCM|FCM)$/.test(platform);
    if (needsPrincipal && attributes.PlatformPrincipal === undefined)
      throw invalidParameter(
        'Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal',
      );
    const arn = `arn:aws:sns:${this.region}:${this.account}:app/${platform}/${name}`;
    const existing = this.applications.get(arn);
    if (existing) return existing;
    const application: PlatformApplication = {
      arn,
      attributes: new Map([['Enabled', 'true']]),
      endpoints: new OrderedItems(({ arn: endpointArn }) => endpointArn),
    };
    setApplicationAttributes(application, attributes);
    this.applications.add(application);
    return application;
  }

  /** @throws NotFound, InvalidParameter */
  application(arn: string): PlatformApplication {
    arnParts(arn, 'PlatformApplicationArn');
    const application = this.applications.get(arn);
    if (!application) throw notFound('PlatformApplication');
    return application;
  }

  /** Registers a device, or finds the one of that token if its attributes are the same. */
  createEndpoint(
    applicationArn: string,
    token: string,
    attributes: Readonly<Record<string, string>>,
  ): PlatformEndpoint {
    const application = this.application(applicationArn);
    if (token === '') throw invalidParameter('Token Reason: cannot be empty');
    checkEndpointAttributes(attributes);
    const wanted = new Map([['Enabled', 'true'], ['Token', token], ...Object.entries(attributes)]);
    const existing = application.endpoints
      .list()
      .find((endpoint) => endpoint.attributes.get('Token') === token);
    if (existing) {
      const same = [...wanted].every(([name, value]) => existing.attributes.get(name) === value);
      if (!same || existing.attributes.size !== wanted.size)
        throw invalidParameter(
          `Token Reason: Endpoint ${existing.arn} already exists with the same Token, but different attributes.`,
        );
      return existing;
    }
    const id = this.random.stream(`sns/${applicationArn}`).uuid();
    const [, , , , , resource = ''] = applicationArn.split(':');
    const [, platform = '', name = ''] = resource.split('/');
    const endpoint: PlatformEndpoint = {
      arn: `arn:aws:sns:${this.region}:${this.account}:endpoint/${platform}/${name}/${id}`,
      platform,
      attributes: wanted,
      get enabled() {
        return wanted.get('Enabled')?.toLowerCase() === 'true';
      },
    };
    application.endpoints.add(endpoint);
    return endpoint;
  }

  endpoint(arn: string): PlatformEndpoint | undefined {
    return this.applicationOfEndpoint(arn)?.endpoints.get(arn);
  }

  deleteEndpoint(arn: string): void {
    this.applicationOfEndpoint(arn)?.endpoints.delete(arn);
  }

  private applicationOfEndpoint(arn: string): PlatformApplication | undefined {
    const [, platform = '', name = ''] = (arn.split(':')[5] ?? '').split('/');
    return this.applications.get(
      `arn:aws:sns:${this.region}:${this.account}:app/${platform}/${name}`,
    );
  }
}

/** An empty text takes an attribute away. @throws InvalidParameter */
export function setApplicationAttributes(
  application: PlatformApplication,
  attributes: Readonly<Record<string, string>>,
): void {
  checkApplicationAttributes(attributes);
  for (const [name, value] of Object.entries(attributes))
    if (value === '') application.attributes.delete(name);
    else if (!secretAttributes.has(name)) application.attributes.set(name, value);
}

/** @throws InvalidParameter */
export function setEndpointAttributes(
  endpoint: PlatformEndpoint,
  attributes: Readonly<Record<string, string>>,
): void {
  checkEndpointAttributes(attributes);
  for (const [name, value] of Object.entries(attributes)) endpoint.attributes.set(name, value);
}

function checkApplicationName(name: string): void {
  const reason =
    name === ''
      ? 'cannot be empty'
      : name.length > 256
        ? 'must be at most 256 characters long'
        : /^[A-Za-z0-9._-]+$/.test(name)
          ? undefined
          : "must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'";
  if (reason !== undefined) throw invalidParameter(`${name} Reason: ${reason}`);
}

function checkApplicationAttributes(attributes: Readonly<Record<string, string>>): void {
  const stray = Object.keys(attributes).find((name) => !applicationAttributes.test(name));
  if (stray !== undefined)
    throw invalidParameter(`Attributes Reason: Invalid attribute name: ${stray}`);
}

function checkEndpointAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!endpointAttributes.has(name))
      throw invalidParameter(`Attributes Reason: Invalid attribute name: ${name}`);
    if (name === 'CustomUserData' && Buffer.byteLength(value) > 2048)
      throw invalidParameter(
        'Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding',
      );
    if (name === 'Token' && value === '')
      throw invalidParameter(
        'Attributes Reason: Invalid value for attribute: Token: cannot be empty',
      );
    if (name === 'Enabled' && !/^(true|false)$/i.test(value))
      throw invalidParameter(
        'Attributes Reason: Invalid value for attribute: Enabled: must be true or false',
      );
  }
}
