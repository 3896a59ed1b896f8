import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { runWorker } from 'cdk-decouple/worker';

const { BUCKET_NAME, SECONDS_PER_VIDEO, UPLOADS_BUCKET } = process.env;
const s3 = new S3Client({});

/** Stands in for a real encoder, with as much time as one takes: ffmpeg on a GPU, say. */
async function encode(video: Uint8Array): Promise<Uint8Array> {
  await setTimeout(Number(SECONDS_PER_VIDEO) * 1_000);
  return gzipSync(video);
}

// Twice delivered is once encoded: the result of the second time takes the place of the first.
void runWorker(
  async ({ Body }) => {
    const { key } = JSON.parse(Body);
    const { Body: video } = await s3.send(
      new GetObjectCommand({ Bucket: UPLOADS_BUCKET, Key: key }),
    );
    if (video === undefined) throw new Error(`${key} is empty`);
    const result = await encode(await video.transformToByteArray());
    await s3.send(
      new PutObjectCommand({ Bucket: BUCKET_NAME, Key: `encoded/${key}.gz`, Body: result }),
    );
  },
  { concurrency: 2 },
);
