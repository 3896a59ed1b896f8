import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { spelledAs, tagList } from '../live-properties';
import {
  changedProperties,
  sameState,
  templateTags,
  updateTemplateTags,
} from '../resource-updates';
import type { Regional, ServiceEnvironment } from '../service';
import { updateBroker } from './broker-operations';
import type { Configuration } from './configuration';
import { configurationData } from './configuration-data';
import type { MqRegion } from './mq-region';

const configurationType = 'AWS::AmazonMQ::Configuration';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-amazonmq-configuration.html */
export function configurationProvider(
  regions: Regional<MqRegion>,
  { authorize, clock }: ServiceEnvironment,
): ResourceProvider {
  const regionOf = ({ account, region }: ResourceRequest) => regions.in(account, region);
  const ask = ({ caller }: ResourceRequest, action: string, resource: string) =>
    authorize({ caller, action: `mq:${action}`, resource });
  const revise = (request: ResourceRequest, configuration: Configuration): void => {
    const reader = new PropertyReader(request.properties);
    const data = reader.string('Data');
    if (data === undefined) return;
    ask(request, 'UpdateConfiguration', configuration.arn);
    const { text } = configurationData(configuration.engine, data);
    configuration.revise(text, reader.string('Description') ?? '', clock.now());
  };
  return {
    type: configurationType,
    level: 'emulated',
    unsupported: (given) => {
      const { AuthenticationStrategy: strategy } = given;
      const other = typeof strategy === 'string' && strategy.toUpperCase() !== 'SIMPLE';
      return [
        ...unsupportedProperties(configurationType, given, [
          'AuthenticationStrategy',
          'Data',
          'Description',
          'EngineType',
          'EngineVersion',
          'Name',
          'Tags',
        ]),
        ...(other
          ? [`${configurationType} does not support AuthenticationStrategy ${strategy}`]
          : []),
      ];
    },
    async create(request) {
      const region = regionOf(request);
      const reader = new PropertyReader(request.properties);
      ask(request, 'CreateConfiguration', '*');
      const configuration = region.createConfiguration({
        name: reader.requiredString('Name'),
        engineType: reader.requiredString('EngineType'),
        engineVersion: reader.string('EngineVersion'),
        tags: templateTags(request),
      });
      revise(request, configuration);
      return configurationState(configuration);
    },
    async find({ account, region, identifier }) {
      const found = regions
        .in(account, region)
        .configurations()
        .find(({ id }) => id === identifier.Id);
      return found && configurationState(found);
    },
    async update(request) {
      const configuration = regionOf(request).configuration(request.physicalId);
      const changed = changedProperties(request.previous.properties, request.properties);
      if (changed.has('Data') || changed.has('Description')) revise(request, configuration);
      if (changed.has('Tags')) ask(request, 'CreateTags', configuration.arn);
      updateTemplateTags(configuration.tags, request);
      return configurationState(configuration);
    },
    async delete(request) {
      const region = regionOf(request);
      ask(request, 'DeleteConfiguration', region.configurationArn(request.physicalId));
      const found = region.configurations().find(({ id }) => id === request.physicalId);
      if (found) region.deleteConfiguration(found);
    },
    async read(request) {
      const region = regionOf(request);
      ask(request, 'DescribeConfiguration', region.configurationArn(request.physicalId));
      const found = region.configurations().find(({ id }) => id === request.physicalId);
      return (
        found && {
          Data: spelledAs(
            request.properties.Data,
            Buffer.from(found.latest.data).toString('base64'),
            (data) => configurationData(found.engine, data).text,
          ),
          Description: found.latest.description,
          EngineType: spelledAs(request.properties.EngineType, found.engine, (text) =>
            text.toUpperCase(),
          ),
          EngineVersion: spelledAs(request.properties.EngineVersion, found.engineVersion, (text) =>
            text.split('.').slice(0, 2).join('.'),
          ),
          Name: found.name,
          Tags: tagList(found.tags),
        }
      );
    },
  };
}

function configurationState({ arn, id, latest }: Configuration): ResourceState {
  return { physicalId: id, attributes: { Arn: arn, Id: id, Revision: String(latest.revision) } };
}

const associationType = 'AWS::AmazonMQ::ConfigurationAssociation';

/**
 * A broker with the revision of a configuration that it is to have. The broker is rebooted, so that it has it when the
 * stack is deployed. Without the association it goes back to the configuration before, from its next reboot on.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-amazonmq-configurationassociation.html
 */
export function associationProvider(
  regions: Regional<MqRegion>,
  { authorize, random }: ServiceEnvironment,
): ResourceProvider {
  const associate = async (request: ResourceRequest): Promise<void> => {
    const region = regions.in(request.account, request.region);
    const reader = new PropertyReader(request.properties);
    const broker = region.broker(reader.requiredString('Broker'));
    const reference = reader.object('Configuration');
    const { caller } = request;
    authorize({ caller, action: 'mq:UpdateBroker', resource: broker.arn });
    updateBroker(region, broker, {
      configuration: {
        id: reference?.requiredString('Id') ?? '',
        revision: reference?.number('Revision'),
      },
    });
    authorize({ caller, action: 'mq:RebootBroker', resource: broker.arn });
    await region.reboot(broker, true);
  };
  return {
    type: associationType,
    level: 'emulated',
    unsupported: (given) =>
      unsupportedProperties(associationType, given, ['Broker', 'Configuration']),
    async create(request) {
      await associate(request);
      const id = `configurationassociation-${random.stream(`mq/${request.stackId}/${request.logicalId}`).characters(12, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
      return { physicalId: id, attributes: { Id: id } };
    },
    async update(request) {
      await associate(request);
      return sameState(request);
    },
    async delete({ account, properties, region }) {
      const broker = regions.in(account, region).find(String(properties.Broker));
      const before = broker?.configurationHistory.shift();
      if (broker && before) broker.configuration = before;
    },
    async read({ account, properties, region }) {
      const broker = regions.in(account, region).find(String(properties.Broker));
      const { configuration } = broker ?? {};
      return (
        configuration && {
          Broker: broker?.id,
          Configuration: { Id: configuration.id, Revision: configuration.revision },
        }
      );
    },
  };
}
