import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { documentOf } from '../live-properties';
import { sameState } from '../resource-updates';
import { parseTopicArn } from './names';
import { authorize, requireTopic, type SnsResources } from './resource-support';

/**
 * As on AWS, its drift cannot be detected: the published type has no way to be read.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html
 */
export function topicPolicyProvider(resources: SnsResources): ResourceProvider {
  const type = 'AWS::SNS::TopicPolicy';
  const topicsOf = (properties: ResourceProperties) =>
    new PropertyReader(properties).strings('Topics') ?? [];
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, ['PolicyDocument', 'Topics']),
    async create(request) {
      for (const arn of topicsOf(request.properties)) setPolicy(resources, request, arn);
      const id = request.generateName(128);
      return { physicalId: id, attributes: { Id: id } };
    },
    async update(request) {
      const topics = topicsOf(request.properties);
      for (const arn of topics) setPolicy(resources, request, arn);
      for (const arn of topicsOf(request.previous.properties))
        if (!topics.includes(arn)) removePolicy(resources, request, arn);
      return sameState(request);
    },
    async delete(request) {
      for (const arn of topicsOf(request.properties)) removePolicy(resources, request, arn);
    },
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicinlinepolicy.html */
export function topicInlinePolicyProvider(resources: SnsResources): ResourceProvider {
  const type = 'AWS::SNS::TopicInlinePolicy';
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, ['PolicyDocument', 'TopicArn']),
    async create(request) {
      const arn = new PropertyReader(request.properties).requiredString('TopicArn');
      setPolicy(resources, request, arn);
      return { physicalId: arn, attributes: {} };
    },
    async update(request) {
      setPolicy(resources, request, request.physicalId);
      return sameState(request);
    },
    async delete(request) {
      removePolicy(resources, request, request.physicalId);
    },
    async read(request) {
      const { physicalId: arn } = request;
      authorize(resources, request, 'sns:GetTopicAttributes', arn);
      // A topic whose own policy has gone has its default policy back.
      const document = documentOf(resources.state.find(parseTopicArn(arn))?.attributes.policy);
      return document === undefined ? undefined : { PolicyDocument: document, TopicArn: arn };
    },
  };
}

function setPolicy(resources: SnsResources, request: ResourceRequest, arn: string): void {
  authorize(resources, request, 'sns:SetTopicAttributes', arn);
  const document = new PropertyReader(request.properties).json('PolicyDocument');
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  requireTopic(resources, arn).attributes.set('Policy', text);
}

/** The topic gets its default policy back. It may have been deleted first. */
function removePolicy(resources: SnsResources, request: ResourceRequest, arn: string): void {
  authorize(resources, request, 'sns:SetTopicAttributes', arn);
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  resources.state.find({ account, region, name })?.attributes.set('Policy', '');
}
