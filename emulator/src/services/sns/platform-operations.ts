import type { CallContext, Handlers } from '../../protocol/handlers';
import { invalidParameter, notFound } from './errors';
import { passFeedbackRoles } from './feedback-roles';
import { arnParts } from './names';
import {
  type PlatformEndpoint,
  setApplicationAttributes,
  setEndpointAttributes,
} from './platforms';
import type { SnsState } from './sns-state';
import { defined, invalidToken, pageSize } from './topic-operations';

type Sns = typeof import('@aws-sdk/client-sns');

/** Apps at push services, and the devices that have them. */
export function platformOperations(state: SnsState) {
  const platformsOf = ({ account, region }: CallContext) => state.in(account, region).platforms;
  const endpointOf = (context: CallContext, arn: string, action: string): PlatformEndpoint => {
    arnParts(arn, 'EndpointArn');
    context.authorize(`sns:${action}`, arn);
    const endpoint = platformsOf(context).endpoint(arn);
    if (!endpoint) throw notFound('Endpoint');
    return endpoint;
  };

  return {
    CreatePlatformApplication: (input, context) => {
      context.authorize('sns:CreatePlatformApplication', '*');
      const attributes = defined(input.Attributes);
      passFeedbackRoles(attributes, (...asked) => context.authorize(...asked));
      const application = platformsOf(context).createApplication(
        input.Name,
        input.Platform,
        attributes,
      );
      return { PlatformApplicationArn: application.arn };
    },

    DeletePlatformApplication: (input, context) => {
      const arn = input.PlatformApplicationArn;
      arnParts(arn, 'PlatformApplicationArn');
      context.authorize('sns:DeletePlatformApplication', arn);
      platformsOf(context).applications.delete(arn);
      return {};
    },

    GetPlatformApplicationAttributes: (input, context) => {
      const arn = input.PlatformApplicationArn;
      context.authorize('sns:GetPlatformApplicationAttributes', arn);
      const { attributes } = platformsOf(context).application(arn);
      return { Attributes: Object.fromEntries(attributes) };
    },

    SetPlatformApplicationAttributes: (input, context) => {
      const arn = input.PlatformApplicationArn;
      context.authorize('sns:SetPlatformApplicationAttributes', arn);
      const application = platformsOf(context).application(arn);
      const attributes = defined(input.Attributes);
      passFeedbackRoles(attributes, (...asked) => context.authorize(...asked));
      setApplicationAttributes(application, attributes);
      return {};
    },

    ListPlatformApplications: (input, context) => {
      context.authorize('sns:ListPlatformApplications', '*');
      const { items, nextToken } = platformsOf(context).applications.page(
        pageSize,
        input.NextToken,
        invalidToken,
      );
      return {
        PlatformApplications: items.map(({ arn, attributes }) => ({
          PlatformApplicationArn: arn,
          Attributes: Object.fromEntries(attributes),
        })),
        NextToken: nextToken,
      };
    },

    CreatePlatformEndpoint: (input, context) => {
      const arn = input.PlatformApplicationArn;
      context.authorize('sns:CreatePlatformEndpoint', arn);
      const { CustomUserData } = input;
      const attributes = {
        ...(CustomUserData !== undefined && { CustomUserData }),
        ...defined(input.Attributes),
      };
      const endpoint = platformsOf(context).createEndpoint(arn, input.Token, attributes);
      return { EndpointArn: endpoint.arn };
    },

    DeleteEndpoint: (input, context) => {
      arnParts(input.EndpointArn, 'EndpointArn');
      context.authorize('sns:DeleteEndpoint', input.EndpointArn);
      platformsOf(context).deleteEndpoint(input.EndpointArn);
      return {};
    },

    GetEndpointAttributes: (input, context) => {
      const endpoint = endpointOf(context, input.EndpointArn, 'GetEndpointAttributes');
      return { Attributes: Object.fromEntries(endpoint.attributes) };
    },

    SetEndpointAttributes: (input, context) => {
      const endpoint = endpointOf(context, input.EndpointArn, 'SetEndpointAttributes');
      setEndpointAttributes(endpoint, defined(input.Attributes));
      return {};
    },

    ListEndpointsByPlatformApplication: (input, context) => {
      const arn = input.PlatformApplicationArn;
      context.authorize('sns:ListEndpointsByPlatformApplication', arn);
      const { items, nextToken } = platformsOf(context)
        .application(arn)
        .endpoints.page(pageSize, input.NextToken, invalidToken);
      return {
        Endpoints: items.map(({ arn: endpointArn, attributes }) => ({
          EndpointArn: endpointArn,
          Attributes: Object.fromEntries(attributes),
        })),
        NextToken: nextToken,
      };
    },

    GetSMSAttributes: (input, context) => {
      context.authorize('sns:GetSMSAttributes', '*');
      const { smsAttributes } = state.in(context.account, context.region);
      const shown = [...smsAttributes].filter(
        ([name]) => !input.attributes?.length || input.attributes.includes(name),
      );
      return { attributes: Object.fromEntries(shown) };
    },

    SetSMSAttributes: (input, context) => {
      context.authorize('sns:SetSMSAttributes', '*');
      const attributes = Object.entries(defined(input.attributes));
      for (const [name, value] of attributes) checkSmsAttribute(name, value);
      const { smsAttributes } = state.in(context.account, context.region);
      for (const [name, value] of attributes) smsAttributes.set(name, value);
      return {};
    },
  } satisfies Handlers<Sns>;
}

const smsAttributeNames = new Set([
  'DefaultSMSType',
  'DefaultSenderID',
  'DeliveryStatusIAMRole',
  'DeliveryStatusSuccessSamplingRate',
  'MonthlySpendLimit',
  'UsageReportS3Bucket',
]);

/** https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html */
function checkSmsAttribute(name: string, value: string): void {
  if (!smsAttributeNames.has(name)) throw invalidParameter(`${name} is not a valid attribute`);
  if (name === 'DefaultSMSType' && value !== 'Promotional' && value !== 'Transactional')
    throw invalidParameter('DefaultSMSType is invalid');
  if (name === 'DefaultSenderID' && !/^(?=[A-Za-z0-9]{1,11}$)\d*[A-Za-z][A-Za-z0-9]*$/.test(value))
    throw invalidParameter('DefaultSenderID is not a valid attribute');
}
