import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import type { CreateInput } from '../api';
import { type Credentials, credentials } from '../endpoints/access-secret';
import {
  type BackedDefaults,
  type BackedSettings,
  backedSettings,
} from '../endpoints/backed-settings';
import { invalidArgument } from '../errors';

export type HttpEndpointConfiguration = NonNullable<
  CreateInput['HttpEndpointDestinationConfiguration']
>;

/** An HTTP endpoint, and how it is called. */
export interface HttpEndpointSettings extends BackedSettings {
  readonly url: string;
  readonly access: Credentials<'AccessKey'>;
  readonly compresses: boolean;
  /** Sent with every request. */
  readonly commonAttributes: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointBufferingHints.html */
export const httpEndpointDefaults: BackedDefaults = {
  largestMegabytes: 64,
  megabytes: 5,
  longestSeconds: 900,
  seconds: 300,
  retrySeconds: 300,
  backupModes: ['FailedDataOnly', 'AllData'],
};

const path = 'httpEndpointDestinationConfiguration';
const endpoint = `${path}.endpointConfiguration`;
const request = `${path}.requestConfiguration`;

/** @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented */
export function httpEndpointSettings(
  configuration: HttpEndpointConfiguration,
): HttpEndpointSettings {
  acceptOnly('CreateDeliveryStream.HttpEndpointDestinationConfiguration', configuration, [
    'BufferingHints',
    'CloudWatchLoggingOptions',
    'EndpointConfiguration',
    'ProcessingConfiguration',
    'RequestConfiguration',
    'RetryOptions',
    'RoleARN',
    'S3BackupMode',
    'S3Configuration',
    'SecretsManagerConfiguration',
  ]);
  const { EndpointConfiguration: at, RequestConfiguration: asked = {} } = configuration;
  const { CommonAttributes: attributes = [], ContentEncoding: encoding = 'NONE' } = asked;
  const constraints = new Constraints('ValidationException')
    .length(`${endpoint}.url`, at.Url, 1, 1000)
    .pattern(`${endpoint}.url`, at.Url, 'https://.*')
    .length(`${endpoint}.name`, at.Name, 1, 256)
    .length(`${endpoint}.accessKey`, at.AccessKey, 0, 4096)
    .oneOf(`${request}.contentEncoding`, encoding, ['NONE', 'GZIP'])
    .length(`${request}.commonAttributes`, attributes, 0, 50);
  attributes.forEach(({ AttributeName: name, AttributeValue: value }, index) => {
    const member = `${request}.commonAttributes.${index + 1}.member`;
    constraints
      .length(`${member}.attributeName`, name, 1, 256)
      .length(`${member}.attributeValue`, value, 0, 1024);
  });
  constraints.check();
  if (!URL.canParse(at.Url)) throw invalidArgument(`Invalid endpoint URL: ${at.Url}`);
  return {
    ...backedSettings(configuration, path, httpEndpointDefaults),
    url: at.Url,
    access: credentials(
      { AccessKey: at.AccessKey },
      configuration.SecretsManagerConfiguration,
      configuration.RoleARN,
      path,
    ),
    compresses: encoding === 'GZIP',
    commonAttributes: Object.fromEntries(
      attributes.map(({ AttributeName: name, AttributeValue: value }) => [name, value]),
    ),
  };
}
