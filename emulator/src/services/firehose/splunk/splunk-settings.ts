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

export type SplunkConfiguration = NonNullable<CreateInput['SplunkDestinationConfiguration']>;

/** Splunk's HTTP Event Collector, and how it is called. */
export interface SplunkSettings extends BackedSettings {
  /** Without a path. */
  readonly endpoint: string;
  readonly type: 'Event' | 'Raw';
  readonly access: Credentials<'HECToken'>;
  /** Milliseconds that the collector has to acknowledge what it has got. */
  readonly acknowledgedWithin: number;
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_SplunkDestinationConfiguration.html */
export const splunkDefaults: BackedDefaults = {
  largestMegabytes: 5,
  megabytes: 5,
  longestSeconds: 60,
  seconds: 60,
  retrySeconds: 3600,
  backupModes: ['FailedEventsOnly', 'AllEvents'],
};
export const defaultAcknowledgmentSeconds = 300;

const path = 'splunkDestinationConfiguration';

/** @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented */
export function splunkSettings(configuration: SplunkConfiguration): SplunkSettings {
  acceptOnly('CreateDeliveryStream.SplunkDestinationConfiguration', configuration, [
    'BufferingHints',
    'CloudWatchLoggingOptions',
    'HECAcknowledgmentTimeoutInSeconds',
    'HECEndpoint',
    'HECEndpointType',
    'HECToken',
    'ProcessingConfiguration',
    'RetryOptions',
    'S3BackupMode',
    'S3Configuration',
    'SecretsManagerConfiguration',
  ]);
  const { HECEndpoint: endpoint, HECEndpointType: type, HECToken: token } = configuration;
  const { HECAcknowledgmentTimeoutInSeconds: seconds = defaultAcknowledgmentSeconds } =
    configuration;
  new Constraints('ValidationException')
    .length(`${path}.hECEndpoint`, endpoint, 0, 2048)
    .length(`${path}.hECToken`, token, 0, 2048)
    .oneOf(`${path}.hECEndpointType`, type, ['Raw', 'Event'])
    .range(`${path}.hECAcknowledgmentTimeoutInSeconds`, seconds, 180, 600)
    .check();
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint))
    throw invalidArgument(`Invalid HECEndpoint: ${endpoint}`);
  const access = credentials(
    { HECToken: token },
    configuration.SecretsManagerConfiguration,
    undefined,
    path,
  );
  if ('values' in access && token === undefined)
    throw invalidArgument('HECToken must be specified.');
  return {
    ...backedSettings(configuration, path, splunkDefaults),
    endpoint: endpoint.replace(/\/+$/, ''),
    type,
    access,
    acknowledgedWithin: seconds * 1000,
  };
}
