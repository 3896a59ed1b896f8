import { join } from 'node:path';
import type { cx_api } from 'aws-cdk-lib';
import { NotImplementedError } from '../protocol/errors';

/** A file or directory that a stack's template refers to. */
export interface AssetPublication {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  /** Where it is on disk: a file, or for `zip` a directory. */
  readonly path: string;
  readonly packaging: 'file' | 'zip';
}

/** Puts an asset where the template expects it. The composition root has S3 do it. */
export type PublishAsset = (asset: AssetPublication) => Promise<void>;

/** Publishes all assets of a stack; Docker images and assets built by commands are refused. */
export async function publishAssets(
  stack: cx_api.CloudFormationStackArtifact,
  account: string,
  region: string,
  publish: PublishAsset,
): Promise<void> {
  for (const artifact of stack.dependencies) {
    if (!isAssetManifest(artifact)) continue;
    const { dockerImages = {}, files = {} } = artifact.contents;
    for (const [id, image] of Object.entries(dockerImages)) {
      throw new NotImplementedError(
        `Docker image assets (${image.displayName ?? id} of stack ${stack.displayName})`,
      );
    }
    for (const [id, { source, destinations }] of Object.entries(files)) {
      if (source.path === undefined) {
        throw new NotImplementedError(`assets built by a command (${id} of ${stack.displayName})`);
      }
      for (const destination of Object.values(destinations)) {
        const fill = (text: string) => fillPlaceholders(text, account, region);
        await publish({
          account,
          region: fill(destination.region ?? region),
          bucket: fill(destination.bucketName),
          key: fill(destination.objectKey),
          path: join(artifact.assembly.directory, source.path),
          packaging: String(source.packaging) === 'zip' ? 'zip' : 'file',
        });
      }
    }
  }
}

function isAssetManifest(artifact: cx_api.CloudArtifact): artifact is cx_api.AssetManifestArtifact {
  return String(artifact.manifest.type) === 'cdk:asset-manifest';
}

/** Puts account and region into a text of an assembly that leaves them open. */
export function fillPlaceholders(text: string, account: string, region: string): string {
  return text.replace(/\$\{AWS::(AccountId|Region|Partition)\}/g, (_match, name: string) => {
    if (name === 'AccountId') return account;
    return name === 'Region' ? region : 'aws';
  });
}
