import type { Clock } from '../../clock/clock';
import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import type { Regional } from '../service';
import { invalidToken, pageSize } from './broker-operations';
import type { Configuration } from './configuration';
import { configurationData } from './configuration-data';
import { describeConfiguration, describeRevision, type MqApi } from './descriptions';
import { badRequest } from './errors';
import type { MqRegion } from './mq-region';

/** Configurations and their revisions. */
export function configurationOperations(regions: Regional<MqRegion>, clock: Clock) {
  const regionOf = ({ account, region }: CallContext) => regions.in(account, region);
  const configurationFor = (context: CallContext, id: string): Configuration => {
    const region = regionOf(context);
    context.authorize(`mq:${context.operation}`, region.configurationArn(id));
    return region.configuration(id);
  };

  return {
    CreateConfiguration(input, context) {
      acceptOnly('CreateConfiguration', input, [
        'AuthenticationStrategy',
        'EngineType',
        'EngineVersion',
        'Name',
        'Tags',
      ]);
      const { AuthenticationStrategy: strategy } = input;
      if (strategy !== undefined && strategy !== 'SIMPLE')
        throw new NotImplementedError(`AuthenticationStrategy ${strategy} of Amazon MQ`);
      context.authorize('mq:CreateConfiguration', '*');
      const configuration = regionOf(context).createConfiguration({
        name: input.Name,
        engineType: input.EngineType,
        engineVersion: input.EngineVersion,
        tags: input.Tags ?? {},
      });
      const { Arn, AuthenticationStrategy, Created, Id, LatestRevision, Name } =
        describeConfiguration(configuration);
      return { Arn, AuthenticationStrategy, Created, Id, LatestRevision, Name };
    },

    DescribeConfiguration(input, context) {
      acceptOnly('DescribeConfiguration', input, ['ConfigurationId']);
      return describeConfiguration(configurationFor(context, input.ConfigurationId));
    },

    ListConfigurations(input, context) {
      acceptOnly('ListConfigurations', input, ['MaxResults', 'NextToken']);
      context.authorize('mq:ListConfigurations', '*');
      const all = sortedBy(regionOf(context).configurations(), ({ id }) => id);
      const size = pageSize(input.MaxResults);
      const { items, nextToken } = pageOf(all, ({ id }) => id, size, input.NextToken, invalidToken);
      return {
        Configurations: items.map(describeConfiguration),
        MaxResults: size,
        NextToken: nextToken,
      };
    },

    UpdateConfiguration(input, context) {
      acceptOnly('UpdateConfiguration', input, ['ConfigurationId', 'Data', 'Description']);
      const configuration = configurationFor(context, input.ConfigurationId);
      const { text, warnings } = configurationData(configuration.engine, input.Data);
      const revision = configuration.revise(text, input.Description ?? '', clock.now());
      return {
        Arn: configuration.arn,
        Created: new Date(configuration.created),
        Id: configuration.id,
        LatestRevision: describeRevision(revision),
        Name: configuration.name,
        Warnings: warnings,
      };
    },

    DescribeConfigurationRevision(input, context) {
      acceptOnly('DescribeConfigurationRevision', input, [
        'ConfigurationId',
        'ConfigurationRevision',
      ]);
      const configuration = configurationFor(context, input.ConfigurationId);
      const number = Number(input.ConfigurationRevision);
      if (!Number.isInteger(number))
        throw badRequest(
          `Configuration revision [${input.ConfigurationRevision}] is invalid.`,
          'configuration-revision',
        );
      const { created, data, description } = configuration.revision(number);
      return {
        ConfigurationId: configuration.id,
        Created: new Date(created),
        Data: Buffer.from(data).toString('base64'),
        Description: description,
      };
    },

    ListConfigurationRevisions(input, context) {
      acceptOnly('ListConfigurationRevisions', input, [
        'ConfigurationId',
        'MaxResults',
        'NextToken',
      ]);
      const configuration = configurationFor(context, input.ConfigurationId);
      const size = pageSize(input.MaxResults);
      const { items, nextToken } = pageOf(
        configuration.revisions,
        ({ revision }) => String(revision).padStart(6, '0'),
        size,
        input.NextToken,
        invalidToken,
      );
      return {
        ConfigurationId: configuration.id,
        MaxResults: size,
        NextToken: nextToken,
        Revisions: items.map(describeRevision),
      };
    },

    DeleteConfiguration(input, context) {
      acceptOnly('DeleteConfiguration', input, ['ConfigurationId']);
      const configuration = configurationFor(context, input.ConfigurationId);
      regionOf(context).deleteConfiguration(configuration);
      return { ConfigurationId: configuration.id };
    },
  } satisfies Handlers<MqApi>;
}
