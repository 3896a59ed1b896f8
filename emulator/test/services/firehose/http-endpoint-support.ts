import type { HttpEndpointDestinationConfiguration } from '@aws-sdk/client-firehose';
import { destination, type FirehoseBench, transition } from './support';

/** Of the endpoint that delivery streams of the tests have. */
export const url = 'https://intake.example.com/v1/input?source=aws';

/** What a delivery stream to the endpoint is created with. */
export function endpoint(
  changed: Partial<HttpEndpointDestinationConfiguration> = {},
): HttpEndpointDestinationConfiguration {
  return {
    EndpointConfiguration: { Url: url },
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    S3Configuration: destination({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } }),
    ...changed,
  };
}

/** Makes a delivery stream to the endpoint, which is active then. */
export async function createHttpStream(
  bench: FirehoseBench,
  changed: Partial<HttpEndpointDestinationConfiguration> = {},
  DeliveryStreamName = 'clicks',
): Promise<void> {
  await bench.firehose.createDeliveryStream({
    DeliveryStreamName,
    HttpEndpointDestinationConfiguration: endpoint(changed),
  });
  await bench.aws.clock.advance(transition);
}
