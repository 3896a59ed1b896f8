import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { InProcessTransport } from '../../src/gateway/in-process';
import { ServiceError } from '../../src/protocol/errors';
import { clientSettings, dispatcherOf, fakeService } from '../support/fake-service';

describe.each(['awsJson1_0', 'rpcv2Cbor', 'awsQuery'])('CloudWatch in %s', (protocol) => {
  function metrics(handlers: Parameters<typeof fakeService<typeof cloudwatch>>[2]) {
    const { dispatcher } = dispatcherOf([fakeService('monitoring', cloudwatch, handlers)]);
    const protocolSettings = {
      defaultNamespace: 'com.amazonaws.cloudwatch',
      xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
      version: '2010-08-01',
      serviceTarget: 'GraniteServiceVersion20100801',
    };
    return new cloudwatch.CloudWatch({
      ...clientSettings,
      requestHandler: new InProcessTransport(dispatcher),
      ...(protocol === 'rpcv2Cbor' ? { protocol: SmithyRpcV2CborProtocol, protocolSettings } : {}),
      ...(protocol === 'awsQuery' ? { protocol: AwsQueryProtocol, protocolSettings } : {}),
    });
  }

  test('passes numbers and times both ways', async () => {
    const inputs: unknown[] = [];
    const Timestamp = new Date('2035-01-01T00:00:01.500Z');
    const client = metrics({
      GetMetricStatistics(input) {
        inputs.push(input);
        return { Label: 'l', Datapoints: [{ Timestamp, Sum: 0.1, Average: 1e21 }] };
      },
    });
    const input = {
      Namespace: 'AWS/SQS',
      MetricName: 'NumberOfMessagesSent',
      StartTime: new Date('2035-01-01T00:00:00Z'),
      EndTime: new Date('2035-01-01T00:01:00.250Z'),
      Period: 60,
      Statistics: ['Sum', 'Average'] as cloudwatch.Statistic[],
      Dimensions: [{ Name: 'QueueName', Value: 'q' }],
    };
    await expect(client.getMetricStatistics(input)).resolves.toMatchObject({
      Label: 'l',
      Datapoints: [{ Timestamp, Sum: 0.1, Average: 1e21 }],
    });
    expect(inputs).toEqual([input]);
  });

  test('takes requests that are large enough for SDKs to compress them', async () => {
    const inputs: unknown[] = [];
    const client = metrics({
      PutMetricData(input) {
        inputs.push(input);
        return {};
      },
    });
    const MetricData = Array.from({ length: 500 }, (_, index) => ({
      MetricName: `metric ${index}`,
      Value: index,
    }));
    await client.putMetricData({ Namespace: 'Shop', MetricData });
    expect(inputs).toEqual([{ Namespace: 'Shop', MetricData }]);
  });

  test('answers an operation without output', async () => {
    const client = metrics({ DeleteAlarms: () => ({}) });
    await expect(client.deleteAlarms({ AlarmNames: ['a'] })).resolves.toMatchObject({
      $metadata: { httpStatusCode: 200 },
    });
  });

  test('answers errors by their names', async () => {
    const client = metrics({
      GetDashboard() {
        throw new ServiceError('InvalidParameterValueException', 'no such dashboard');
      },
    });
    await expect(client.getDashboard({ DashboardName: 'x' })).rejects.toThrow(
      cloudwatch.InvalidParameterValueException,
    );
  });
});
