import type { S3 } from '@aws-sdk/client-s3';
import { PropertyReader } from '../provider';
import { AwsCli } from './aws-cli';
import {
  type DeploymentRequest,
  type Destination,
  deploymentProperties,
  deploymentRequest,
  previousDestination,
} from './deployment-request';
import { type Files, readSource } from './deployment-sources';
import type { NativeAnswer, NativeCall, NativeHandler } from './native-custom-resources';
import { folderOf, removeAll, syncFiles } from './s3-transfers';
import { unknownProperties } from './unknown-properties';
import { uploadOptionNames, uploadOptions } from './upload-options';

const type = 'Custom::CDKBucketDeployment';

/** Tags with which `BucketDeployment` marks a bucket that it deploys to. */
const ownerTag = 'aws-cdk:cr-owned';

/** Names of the errors of an object that is not there. */
const missing = ['404', 'NoSuchKey', 'NotFound'];

/**
 * Deploys the content of zip files to a bucket: `BucketDeployment` and `DeployTimeSubstitutedFile` of
 * aws-cdk-lib.
 */
export const bucketDeployment: NativeHandler = {
  type,
  unsupported(properties) {
    const system = new PropertyReader(properties).object('SystemMetadata')?.keys() ?? [];
    return [
      ...unknownProperties(type, properties, deploymentProperties),
      ...system
        .filter((name) => !uploadOptionNames.includes(name.toLowerCase()))
        .map((name) => `${type} does not support ${name} of SystemMetadata`),
    ];
  },

  async handle(call: NativeCall): Promise<NativeAnswer> {
    const { event, logStream } = call;
    try {
      const request = deploymentRequest(event.ResourceProperties);
      const versionIds = await deploy(call, request);
      return {
        Status: 'SUCCESS',
        Reason: `See the details in CloudWatch Log Stream: ${logStream}`,
        PhysicalResourceId: event.PhysicalResourceId ?? `aws.cdk.s3deployment.${call.uuid()}`,
        Data: {
          DestinationBucketArn: request.destinationBucketArn ?? null,
          SourceObjectKeys: request.outputObjectKeys ? request.sources.map(({ key }) => key) : [],
          ...(request.outputObjectVersionIds && { SourceObjectVersionIds: versionIds }),
        },
      };
    } catch (error) {
      return {
        Status: 'FAILED',
        Reason: error instanceof Error ? error.message : String(error),
        PhysicalResourceId: event.PhysicalResourceId ?? logStream,
      };
    }
  },
};

/** @returns the version ids of what was copied, where they are asked for. */
async function deploy(call: NativeCall, request: DeploymentRequest): Promise<string[]> {
  const { event, s3, uuid } = call;
  const { destination, outputObjectVersionIds, retainOnDelete } = request;
  const cli = new AwsCli(`/tmp/tmp${uuid().slice(0, 8)}`);
  const remove = (from: Destination) =>
    cli.run(['s3', 'rm', from.url, '--recursive'], 'ListObjectsV2', () => removeAll(s3, from));
  if (event.RequestType === 'Delete') {
    // A bucket that is still tagged for the deployment goes with it, or another has taken its place.
    if (!retainOnDelete && !(await isOwned(s3, destination))) await remove(destination);
    return [];
  }
  const previous = previousDestination(event.OldResourceProperties);
  if (previous && !retainOnDelete && previous.url !== destination.url) await remove(previous);
  const files: Files = new Map();
  for (const source of request.sources) {
    await readSource(s3, source, request.extract, files, cli, uuid);
  }
  await cli.run(cli.sync(request), 'PutObject', () =>
    syncFiles(s3, files, destination, {
      filters: request.filters,
      prune: request.prune,
      upload: uploadOptions(request.systemMetadata, request.userMetadata),
    }),
  );
  return outputObjectVersionIds ? versionIdsOf(s3, request) : [];
}

/** Whether the bucket is tagged for a deployment to that prefix, or to one that begins with it. */
async function isOwned(s3: S3, { bucket, prefix }: Destination): Promise<boolean> {
  const start = prefix === '' ? ownerTag : `${ownerTag}:${prefix}`;
  try {
    const { TagSet: tags = [] } = await s3.getBucketTagging({ Bucket: bucket });
    return tags.some(({ Key: key = '' }) => key.startsWith(start));
  } catch {
    // The handler takes every error for a bucket without tags.
    return false;
  }
}

/** An object that the filters have left out has an empty version id, and so has one in a bucket without versions. */
async function versionIdsOf(
  s3: S3,
  { destination, sources }: DeploymentRequest,
): Promise<string[]> {
  const ids: string[] = [];
  for (const { key } of sources) {
    const Key = `${folderOf(destination)}${key.slice(key.lastIndexOf('/') + 1)}`;
    try {
      const { VersionId: id = '' } = await s3.headObject({ Bucket: destination.bucket, Key });
      ids.push(id);
    } catch (error) {
      if (!(error instanceof Error) || !missing.includes(error.name)) throw error;
      ids.push('');
    }
  }
  return ids;
}
