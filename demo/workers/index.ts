import { arrivalTimes } from '../shop/arrivals';
import { minute, saleLength, type TraceDemo } from '../shop/demo';
import { count } from '../shop/table';
import { drawVideos } from './chart';
import { videosTable } from './report';
import { runVideos } from './video-service';

const generatedVideos = 900;

/** How many videos come in each minute, as the orders of a sale do. */
function generatedTrace(): number[] {
  const trace = new Array<number>(saleLength / minute).fill(0);
  for (const at of arrivalTimes(generatedVideos, saleLength)) {
    const index = Math.floor(at / minute);
    trace[index] = (trace[index] ?? 0) + 1;
  }
  return trace;
}

/** Videos that are encoded by as many instances as the queue asks for. */
export const workers: TraceDemo = {
  name: 'workers',
  about: `Has videos encoded by the instances of an Auto Scaling group that follows its queue, on the local emulator at
60 times real time, each instance a process: there is none at first, they become more as the queue grows,
one dies in the middle of its work, a zone is lost, all leave in the end, and no video is lost.`,
  usage: ['npm start -- workers [options]'],
  defaultOut: 'workers',
  reads: 'trace',
  generatedTrace: generatedTrace(),
  async run(input) {
    const { aws, bucket, queueUrl, result, samples } = await runVideos(input);
    const { accepted, encodersAtEnd, lost } = result;
    return {
      aws,
      table: videosTable(result),
      chart: drawVideos(samples, `Workers: ${count(accepted)} videos, ${count(lost.length)} lost`),
      lost,
      succeeded: lost.length === 0 && encodersAtEnd === 0,
      commands: [
        `aws s3 ls s3://${bucket}/encoded/`,
        `aws sqs get-queue-attributes --queue-url ${queueUrl} --attribute-names All`,
        'aws autoscaling describe-scaling-activities',
      ],
      close: async () => undefined,
    };
  },
};
