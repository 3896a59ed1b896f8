import { PropertyReader, type ResourceProperties, type TemplateValue } from '../provider';
import { isList, isObject } from '../values';
import { type MarkerEncoding, markerEncoding } from './deploy-time-markers';
import { pythonJson } from './python-text';
import { SyncFilters } from './sync-filters';

/** A zip file whose content is deployed. */
export interface DeploymentSource {
  readonly bucket: string;
  readonly key: string;
  /** Values by marker. */
  readonly markers: Readonly<Record<string, TemplateValue>>;
  readonly encoding: MarkerEncoding;
}

/** A place in S3, written as the AWS CLI writes it. */
export interface Destination {
  readonly bucket: string;
  readonly prefix: string;
  /** Such as `s3://site/assets`. */
  readonly url: string;
}

/** What a `Custom::CDKBucketDeployment` asks for. */
export interface DeploymentRequest {
  readonly sources: readonly DeploymentSource[];
  readonly destination: Destination;
  readonly extract: boolean;
  readonly prune: boolean;
  readonly retainOnDelete: boolean;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly filters: SyncFilters;
  readonly userMetadata: Readonly<Record<string, string>>;
  /** Options of `aws s3 sync` without their dashes, such as `cache-control`. */
  readonly systemMetadata: Readonly<Record<string, string>>;
  readonly outputObjectKeys: boolean;
  readonly outputObjectVersionIds: boolean;
  readonly destinationBucketArn: string | undefined;
}

/** Every property that the handler reads, but for CloudFront's. */
export const deploymentProperties = [
  'DestinationBucketArn',
  'DestinationBucketKeyPrefix',
  'DestinationBucketName',
  // These two say nothing without DistributionId.
  'DistributionPaths',
  'WaitForDistributionInvalidation',
  'Exclude',
  'Extract',
  'Include',
  'OutputObjectKeys',
  'OutputObjectVersionIds',
  'Prune',
  'RetainOnDelete',
  // Signatures are not checked.
  'SignContent',
  'SourceBucketNames',
  'SourceMarkers',
  'SourceMarkersConfig',
  'SourceObjectKeys',
  'SystemMetadata',
  'UserMetadata',
];

/**
 * Reads the properties of a request, with the handler's defaults.
 *
 * @throws Error in the handler's words
 */
export function deploymentRequest(properties: ResourceProperties): DeploymentRequest {
  const reader = new PropertyReader(properties);
  for (const name of ['SourceBucketNames', 'SourceObjectKeys', 'DestinationBucketName']) {
    if (reader.json(name) !== undefined) continue;
    throw new Error(
      `missing request resource property '${name}'. props: ${pythonJson(properties)}`,
    );
  }
  const exclude = reader.strings('Exclude') ?? [];
  const include = reader.strings('Include') ?? [];
  return {
    sources: sourcesOf(reader),
    destination: destinationOf(
      reader.requiredString('DestinationBucketName'),
      reader.string('DestinationBucketKeyPrefix') ?? '',
    ),
    extract: flag(reader, 'Extract', true),
    prune: flag(reader, 'Prune', true),
    retainOnDelete: flag(reader, 'RetainOnDelete', true),
    exclude,
    include,
    filters: new SyncFilters(exclude, include),
    userMetadata: lowerCased(reader.stringMap('UserMetadata')),
    systemMetadata: lowerCased(reader.stringMap('SystemMetadata')),
    outputObjectKeys: flag(reader, 'OutputObjectKeys', true),
    outputObjectVersionIds: flag(reader, 'OutputObjectVersionIds', false),
    destinationBucketArn: reader.string('DestinationBucketArn'),
  };
}

/** Where the resource deployed to before, exactly as it said; undefined if it did not. */
export function previousDestination(
  properties: ResourceProperties | undefined,
): Destination | undefined {
  const reader = new PropertyReader(properties ?? {});
  const bucket = reader.string('DestinationBucketName') ?? '';
  const prefix = reader.string('DestinationBucketKeyPrefix') ?? '';
  return bucket === '' && prefix === '' ? undefined : place(bucket, prefix);
}

/** A prefix of `/` is none. */
function destinationOf(bucket: string, prefix: string): Destination {
  return place(bucket, prefix === '/' ? '' : prefix);
}

function place(bucket: string, prefix: string): Destination {
  return { bucket, prefix, url: `s3://${bucket}/${prefix}` };
}

/** Markers and their configuration may be fewer than sources: the last ones have none then. */
function sourcesOf(reader: PropertyReader): DeploymentSource[] {
  const keys = reader.strings('SourceObjectKeys') ?? [];
  const buckets = reader.strings('SourceBucketNames') ?? [];
  const markers = listOf(reader.json('SourceMarkers'));
  const configs = listOf(reader.json('SourceMarkersConfig'));
  const count = Math.min(keys.length, buckets.length);
  if (count < markers.length) {
    throw new Error(
      `Can never have more SourceMarkers (${markers.length}) than SourceObjectKeys (${count})`,
    );
  }
  return keys.slice(0, count).map((key, index) => {
    const own = markers[index];
    return {
      bucket: buckets[index] ?? '',
      key,
      markers: isObject(own) ? own : {},
      encoding: markerEncoding(configs[index]),
    };
  });
}

function listOf(value: TemplateValue | undefined): readonly TemplateValue[] {
  return isList<TemplateValue>(value) ? value : [];
}

function flag(reader: PropertyReader, name: string, fallback: boolean): boolean {
  return (reader.string(name) ?? String(fallback)).toLowerCase() === 'true';
}

function lowerCased(map: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
}
