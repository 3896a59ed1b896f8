import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { failuresOf, isKnown, type ValidationRule } from '../validation';
import type { CredentialSource } from './application-properties';

/** Firebase Cloud Messaging. */
export interface FcmOptions {
  /** A secret whose text is the JSON file of a service account's private key, as Firebase gives it. */
  readonly serviceAccountKey: secretsmanager.ISecret;
}

/** Apple's push service with a signing key (token), which does not expire. */
export interface ApnsOptions {
  /** A secret whose text is the `.p8` file of the signing key. */
  readonly signingKey: secretsmanager.ISecret;
  /** Id of the signing key: 10 capital letters and digits. */
  readonly keyId: string;
  /** Id of the developer team: 10 capital letters and digits. */
  readonly teamId: string;
  /** Id of the app, such as `com.example.shop`. */
  readonly bundleId: string;
  /**
   * Whether for apps in development.
   *
   * @default false
   */
  readonly sandbox?: boolean;
}

/** Apple's push service with a certificate, which expires each year. */
export interface ApnsCertificateOptions {
  /** A secret of JSON with the keys `certificate` and `privateKey`, both PEM. */
  readonly credentials: secretsmanager.ISecret;
  /**
   * Whether for apps in development.
   *
   * @default false
   */
  readonly sandbox?: boolean;
}

/** Amazon Device Messaging. */
export interface AdmOptions {
  /** A secret of JSON with the keys `clientId` and `clientSecret`. */
  readonly credentials: secretsmanager.ISecret;
}

interface PlatformSettings {
  readonly secret: secretsmanager.ISecret;
  readonly source: CredentialSource;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly failures?: readonly string[];
}

/** Who brings notifications to devices, and the secret that it knows an app by. */
export class PushPlatform {
  /** Android and web, by Firebase Cloud Messaging. SNS calls it by its old name, `GCM`. */
  public static fcm({ serviceAccountKey }: FcmOptions): PushPlatform {
    return new PushPlatform('GCM', { secret: serviceAccountKey, source: {} });
  }

  /** Apple devices, by a signing key. */
  public static apns(options: ApnsOptions): PushPlatform {
    const { bundleId, keyId, sandbox, signingKey, teamId } = options;
    return new PushPlatform(apnsName(sandbox), {
      secret: signingKey,
      source: {},
      attributes: {
        PlatformPrincipal: keyId,
        ApplePlatformTeamID: teamId,
        ApplePlatformBundleID: bundleId,
      },
      failures: failuresOf(options, APNS_RULES),
    });
  }

  /** Apple devices, by a certificate. */
  public static apnsCertificate({ credentials, sandbox }: ApnsCertificateOptions): PushPlatform {
    return new PushPlatform(apnsName(sandbox), {
      secret: credentials,
      source: { credentialKey: 'privateKey', principalKey: 'certificate' },
    });
  }

  /** Amazon's devices. */
  public static adm({ credentials }: AdmOptions): PushPlatform {
    return new PushPlatform('ADM', {
      secret: credentials,
      source: { credentialKey: 'clientSecret', principalKey: 'clientId' },
    });
  }

  /** Where the credentials are. */
  public readonly secret: secretsmanager.ISecret;
  /** Which of them are what. */
  public readonly source: CredentialSource;
  /** Attributes of the platform application that are no secrets. */
  public readonly attributes: Readonly<Record<string, string>>;
  /** What is wrong with the options. */
  public readonly failures: readonly string[];

  /** @param name - as SNS calls it, such as `GCM` */
  private constructor(
    public readonly name: string,
    { attributes = {}, failures = [], secret, source }: PlatformSettings,
  ) {
    this.secret = secret;
    this.source = source;
    this.attributes = attributes;
    this.failures = failures;
  }
}

function apnsName(sandbox = false): string {
  return sandbox ? 'APNS_SANDBOX' : 'APNS';
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-apple-authentication-methods.html */
const APNS_RULES: ReadonlyArray<ValidationRule<ApnsOptions>> = [
  appleId('keyId', ({ keyId }) => keyId),
  appleId('teamId', ({ teamId }) => teamId),
  {
    fails: ({ bundleId }) => isKnown(bundleId) && !/^[A-Za-z0-9.-]+$/.test(bundleId),
    message: ({ bundleId }) =>
      `bundleId must be letters, digits, hyphens and full stops, such as com.example.shop, got '${bundleId}'`,
  },
];

function appleId(name: string, get: (options: ApnsOptions) => string): ValidationRule<ApnsOptions> {
  return {
    fails: (options) => isKnown(get(options)) && !/^[A-Z0-9]{10}$/.test(get(options)),
    message: (options) => `${name} must be 10 capital letters and digits, got '${get(options)}'`,
  };
}
