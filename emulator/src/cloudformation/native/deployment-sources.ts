import type { S3 } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import type { AwsCli } from './aws-cli';
import { replaceMarkers } from './deploy-time-markers';
import type { DeploymentSource } from './deployment-request';

/** Contents of files by path. */
export type Files = Map<string, Uint8Array>;

/**
 * Adds a source to the files that are deployed: what is in the zip file, with its markers replaced,
 * or the zip file itself. Of two files of the same path the later one is deployed.
 *
 * @throws Error in the handler's words
 */
export async function readSource(
  s3: S3,
  source: DeploymentSource,
  extract: boolean,
  files: Files,
  cli: AwsCli,
  uuid: () => string,
): Promise<void> {
  const { bucket, encoding, key, markers } = source;
  const target = extract ? `${cli.directory}/${uuid()}` : cli.contents;
  const archive = await cli.run(
    ['s3', 'cp', `s3://${bucket}/${key}`, target],
    'GetObject',
    async () => {
      const { Body: body } = await s3.getObject({ Bucket: bucket, Key: key });
      return body?.transformToByteArray() ?? new Uint8Array();
    },
  );
  if (!extract) {
    files.set(key.slice(key.lastIndexOf('/') + 1), archive);
    return;
  }
  for (const [name, content] of Object.entries(unzip(archive))) {
    if (name.endsWith('/')) continue;
    files.set(inside(name), replaceMarkers(content, markers, encoding));
  }
}

function unzip(archive: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(archive);
  } catch {
    throw new Error('File is not a zip file');
  }
}

/** As Python unpacks: nothing is written outside. */
function inside(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
}
