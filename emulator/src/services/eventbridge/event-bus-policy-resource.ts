import { isDeepStrictEqual } from 'node:util';
import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { documentOf } from '../live-properties';
import { sameState } from '../resource-updates';
import { checkStatementId } from './bus-operations';
import { type PolicyStatement, statementOf } from './bus-policy';
import { invalid } from './errors';
import { type BusAddress, busAddress, busArn } from './names';
import { authorize, type EventBridgeResources } from './resource-support';

const type = 'AWS::Events::EventBusPolicy';
const properties = ['Action', 'Condition', 'EventBusName', 'Principal', 'Statement', 'StatementId'];

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html */
export function eventBusPolicyProvider(resources: EventBridgeResources): ResourceProvider {
  const { state } = resources;
  const put = (request: ResourceRequest) => {
    const reader = new PropertyReader(request.properties);
    const address = busOf(reader, request);
    const id = reader.requiredString('StatementId');
    authorize(resources, request, 'PutPermission', busArn(address));
    checkStatementId(id);
    state.bus(address).policy.put(id, declaredStatement(request.properties, busArn(address)));
    return `${address.name}|${id}`;
  };
  return {
    type,
    level: 'emulated',
    unsupported: (given) => unsupportedProperties(type, given, properties),
    async create(request) {
      return { physicalId: put(request), attributes: {} };
    },
    async update(request) {
      put(request);
      return sameState(request);
    },
    async delete(request) {
      const reader = new PropertyReader(request.properties);
      const address = busOf(reader, request);
      const id = reader.requiredString('StatementId');
      authorize(resources, request, 'RemovePermission', busArn(address));
      const policy = state.findBus(address)?.policy;
      if (policy?.statement(id)) policy.remove(id);
    },
    async read(request) {
      const reader = new PropertyReader(request.properties);
      const address = busOf(reader, request);
      authorize(resources, request, 'DescribeEventBus', busArn(address));
      const id = reader.requiredString('StatementId');
      const live = state.findBus(address)?.policy.statement(id);
      if (!live) return undefined;
      const declared = declaredStatement(request.properties, busArn(address));
      if (isDeepStrictEqual(live, { ...declared, Sid: id })) return request.properties;
      return {
        ...Object.fromEntries(properties.map((name) => [name, undefined])),
        EventBusName: reader.string('EventBusName'),
        StatementId: id,
        Statement: documentOf(JSON.stringify(live)),
      };
    },
  };
}

function busOf(
  reader: PropertyReader,
  place: { readonly account: string; readonly region: string },
): BusAddress {
  return busAddress(reader.string('EventBusName'), place);
}

/** The statement that a template means, in either of its two forms. @throws ValidationException */
function declaredStatement(given: ResourceProperties, arn: string): PolicyStatement {
  const reader = new PropertyReader(given);
  const statement = reader.json('Statement');
  if (statement !== undefined) {
    const document = typeof statement === 'string' ? JSON.parse(statement) : statement;
    if (typeof document !== 'object' || document === null || Array.isArray(document))
      throw invalid('Parameter Statement is not valid.');
    return document;
  }
  const principal = reader.string('Principal');
  if (principal === undefined) throw invalid('Parameter Principal or Statement must be specified.');
  const condition = reader.object('Condition');
  return statementOf(
    {
      principal,
      action: reader.string('Action'),
      condition: condition && {
        type: condition.requiredString('Type'),
        key: condition.requiredString('Key'),
        value: condition.requiredString('Value'),
      },
    },
    arn,
  );
}
