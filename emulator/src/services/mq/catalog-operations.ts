import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import { invalidToken, pageSize } from './broker-operations';
import { engineOf, engineVersions, instanceOptions } from './catalog';
import { describeEngine, describeOption, type MqApi } from './descriptions';

/** What brokers can be made of. */
export function catalogOperations() {
  return {
    DescribeBrokerEngineTypes(input, context) {
      acceptOnly('DescribeBrokerEngineTypes', input, ['EngineType', 'MaxResults', 'NextToken']);
      context.authorize('mq:DescribeBrokerEngineTypes', '*');
      const engines =
        input.EngineType === undefined
          ? (['ACTIVEMQ', 'RABBITMQ'] as const)
          : [engineOf(input.EngineType)];
      const size = pageSize(input.MaxResults);
      const { items, nextToken } = pageOf(
        engines,
        (engine) => engine,
        size,
        input.NextToken,
        invalidToken,
      );
      return {
        BrokerEngineTypes: items.map((engine) => describeEngine(engine, engineVersions[engine])),
        MaxResults: size,
        NextToken: nextToken,
      };
    },

    DescribeBrokerInstanceOptions(input, context) {
      acceptOnly('DescribeBrokerInstanceOptions', input, [
        'EngineType',
        'HostInstanceType',
        'MaxResults',
        'NextToken',
        'StorageType',
      ]);
      context.authorize('mq:DescribeBrokerInstanceOptions', '*');
      const engine = input.EngineType === undefined ? undefined : engineOf(input.EngineType);
      const { HostInstanceType: type, StorageType: storage } = input;
      const keyOf = (option: (typeof instanceOptions)[number]) =>
        `${option.engine}/${option.storageType}/${option.instanceType}/${option.engineVersions}`;
      const found = sortedBy(
        instanceOptions.filter(
          (option) =>
            (engine === undefined || option.engine === engine) &&
            (type === undefined || option.instanceType === type) &&
            (storage === undefined || option.storageType === storage.toUpperCase()),
        ),
        keyOf,
      );
      const size = pageSize(input.MaxResults);
      const { items, nextToken } = pageOf(found, keyOf, size, input.NextToken, invalidToken);
      return {
        BrokerInstanceOptions: items.map((option) => describeOption(option, context.region)),
        MaxResults: size,
        NextToken: nextToken,
      };
    },
  } satisfies Handlers<MqApi>;
}
