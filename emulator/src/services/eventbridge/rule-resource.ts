import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { documentOf, spelledAs, tagList } from '../live-properties';
import { sameState, templateTags, updateTemplateTags } from '../resource-updates';
import { notFound } from './errors';
import { type BusAddress, busAddress, busArn, defaultBus, ruleArn } from './names';
import { authorize, type EventBridgeResources } from './resource-support';
import { checkPassRole } from './role-passing';
import type { Rule } from './rule';
import { checkRuleName, isEnabled } from './rule-operations';
import type { GivenRule } from './rules';
import { addTags, tagsOf } from './tags';
import { liveTarget, targetsOf, unsupportedTargets } from './target-properties';

const type = 'AWS::Events::Rule';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html */
export function ruleProvider(resources: EventBridgeResources): ResourceProvider {
  const { rules, state } = resources;
  const find = (address: BusAddress, name: string) => state.findBus(address)?.rules.get(name);

  /** Gives a rule what its template says. */
  const apply = (request: ResourceRequest, address: BusAddress, name: string): Rule => {
    const arn = ruleArn(address, name);
    const reader = new PropertyReader(request.properties);
    const given = ruleOf(reader);
    const targets = targetsOf(reader);
    authorize(resources, request, 'PutRule', arn);
    if (targets.length > 0) authorize(resources, request, 'PutTargets', arn);
    for (const roleArn of [given.roleArn, ...targets.map(({ RoleArn }) => RoleArn)])
      checkPassRole(state.environment.authorize, roleArn, request);
    const rule = rules.put(address, name, given);
    const ids = targets.map(({ Id: id }) => id);
    const gone = [...rule.targets.keys()].filter((id) => !ids.includes(id));
    if (gone.length > 0) authorize(resources, request, 'RemoveTargets', arn);
    for (const id of gone) rule.targets.delete(id);
    rules.putTargets(rule, targets);
    return rule;
  };

  return {
    type,
    level: 'emulated',
    recordedProperties: ['RoleArn'],
    unorderedProperties: ['Targets'],
    unsupported: (properties) => [
      ...unsupportedProperties(type, properties, [
        'Description',
        'EventBusName',
        'EventPattern',
        'Name',
        'RoleArn',
        'ScheduleExpression',
        'State',
        'Tags',
        'Targets',
      ]),
      ...unsupportedTargets(type, properties),
    ],
    async create(request) {
      const reader = new PropertyReader(request.properties);
      const address = busAddress(reader.string('EventBusName'), request);
      const name = reader.string('Name') ?? request.generateName(64);
      checkRuleName(name);
      if (find(address, name)) throw new Error(`${name} already exists`);
      const tags = templateTags(request);
      if (Object.keys(tags).length > 0)
        authorize(resources, request, 'TagResource', ruleArn(address, name));
      try {
        const rule = apply(request, address, name);
        addTags(rule.tags, tagsOf(tags));
        return ruleState(rule);
      } catch (error) {
        const made = find(address, name);
        if (made) remove(resources, made);
        throw error;
      }
    },
    async update(request) {
      const { address, name } = placeOf(request);
      const rule = find(address, name);
      if (!rule) throw notFound(`Rule ${name} does not exist on EventBus ${address.name}.`);
      apply(request, address, name);
      updateTemplateTags(rule.tags, request);
      return sameState(request);
    },
    async delete(request) {
      const { address, name } = placeOf(request);
      const arn = ruleArn(address, name);
      const rule = find(address, name);
      if (rule && rule.targets.size > 0) authorize(resources, request, 'RemoveTargets', arn);
      authorize(resources, request, 'DeleteRule', arn);
      if (rule) remove(resources, rule);
    },
    async read(request) {
      const { address, name } = placeOf(request);
      const rule = find(address, name);
      if (!rule) return undefined;
      authorize(resources, request, 'DescribeRule', rule.arn);
      authorize(resources, request, 'ListTargetsByRule', rule.arn);
      const { EventBusName: givenBus } = request.properties;
      const { description, enabled, pattern, roleArn, schedule } = rule.definition;
      return {
        Name: name,
        EventBusName: spelledAs(givenBus, address.name, (bus) => busArn(busAddress(bus, request))),
        Description: description,
        EventPattern: documentOf(pattern?.text),
        ScheduleExpression: schedule?.text,
        State: enabled ? 'ENABLED' : 'DISABLED',
        RoleArn: roleArn,
        Targets: [...rule.targets.values()].map(({ given }) => liveTarget(given)),
        Tags: tagList(rule.tags),
      };
    },
  };
}

function ruleOf(reader: PropertyReader): GivenRule {
  const pattern = reader.json('EventPattern');
  return {
    description: reader.string('Description'),
    eventPattern:
      pattern === undefined || typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
    scheduleExpression: reader.string('ScheduleExpression'),
    enabled: isEnabled(reader.string('State')),
    roleArn: reader.string('RoleArn'),
  };
}

/** `Ref` is the name, with that of the bus before it unless it is the default one. */
function ruleState({ arn, bus, name }: Rule): ResourceState {
  const { name: busName } = bus.address;
  return {
    physicalId: busName === defaultBus ? name : `${busName}|${name}`,
    attributes: { Arn: arn, RuleName: name },
  };
}

function placeOf({
  account,
  region,
  physicalId,
}: {
  readonly account: string;
  readonly region: string;
  readonly physicalId: string;
}): { readonly address: BusAddress; readonly name: string } {
  const bar = physicalId.indexOf('|');
  const bus = bar < 0 ? defaultBus : physicalId.slice(0, bar);
  return { address: { account, region, name: bus }, name: physicalId.slice(bar + 1) };
}

function remove({ rules }: EventBridgeResources, rule: Rule): void {
  rule.targets.clear();
  rules.delete(rule);
}
