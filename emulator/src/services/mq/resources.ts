import type { ResourceProvider } from '../../cloudformation/provider';
import type { Regional, ServiceEnvironment } from '../service';
import { brokerProvider } from './broker-resource';
import { associationProvider, configurationProvider } from './configuration-resources';
import type { MqRegion } from './mq-region';

/** The providers of `AWS::AmazonMQ::Broker`, `AWS::AmazonMQ::Configuration` and `AWS::AmazonMQ::ConfigurationAssociation`. */
export function mqResources(
  regions: Regional<MqRegion>,
  env: ServiceEnvironment,
): ResourceProvider[] {
  return [
    brokerProvider(regions, env),
    configurationProvider(regions, env),
    associationProvider(regions, env),
  ];
}
