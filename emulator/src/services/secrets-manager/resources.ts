import {
  type ExistingResourceRequest,
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import type { Authorize } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import { documentOf, spelledAs, tagList } from '../live-properties';
import {
  changedProperties,
  sameState,
  templateTags,
  updateTemplateTags,
} from '../resource-updates';
import type { Regional } from '../service';
import { invalidRequest } from './errors';
import { type PasswordRequirements, randomPassword } from './random-password';
import type { SecretStore } from './secret-store';
import { attach, attachedDatabase, type DescribeDatabase, detach } from './target-attachment';

/** What the providers work with. */
export interface SecretResourcesEnvironment {
  readonly stores: Regional<SecretStore>;
  readonly random: RandomSource;
  readonly authorize: Authorize;
  readonly describeDatabase: DescribeDatabase;
}

/** The databases that a secret can be attached to. */
const attachable = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/**
 * CloudFormation's resource types of Secrets Manager.
 *
 * A rotation schedule is recorded: no secret is ever rotated.
 */
export function resourceProviders(env: SecretResourcesEnvironment): ResourceProvider[] {
  const { stores, authorize } = env;
  const storeOf = ({ account, region }: ResourceRequest) => stores.in(account, region);
  const permit = (action: string, request: ResourceRequest, secretId: string) =>
    authorize({
      caller: request.caller,
      action: `secretsmanager:${action}`,
      resource: storeOf(request).arnOf(secretId),
    });
  /** Resources about a secret that has gone already have nothing left to undo. */
  const secretBehind = (request: ExistingResourceRequest, action: string) => {
    const secret = storeOf(request).find(
      new PropertyReader(request.properties).requiredString('SecretId'),
    );
    if (!secret || secret.deleted !== undefined) return undefined;
    permit(action, request, secret.arn);
    return secret;
  };
  const attachDatabase = (request: ResourceRequest): ResourceState => {
    const properties = new PropertyReader(request.properties);
    const secret = storeOf(request).get(properties.requiredString('SecretId'));
    permit('PutSecretValue', request, secret.arn);
    const id = properties.requiredString('TargetId');
    const { account, region } = request;
    const type = properties.requiredString('TargetType');
    const connection = env.describeDatabase({ type, id, account, region });
    if (!connection)
      throw new ServiceError('ResourceNotFoundException', `${type} ${id} not found.`);
    storeOf(request).put(secret, { text: attach(secret, connection) });
    return state(secret.arn);
  };
  const putPolicy = (request: ResourceRequest): ResourceState => {
    const properties = new PropertyReader(request.properties);
    const secret = storeOf(request).get(properties.requiredString('SecretId'));
    permit('PutResourcePolicy', request, secret.arn);
    const policy = properties.json('ResourcePolicy');
    secret.resourcePolicy = typeof policy === 'string' ? policy : JSON.stringify(policy);
    return state(secret.arn);
  };

  return [
    {
      type: 'AWS::SecretsManager::Secret',
      level: 'emulated',
      unsupported: (properties) =>
        ['ReplicaRegions', 'Type']
          .filter((name) => properties[name] !== undefined)
          .map((name) => `${name} is not supported`),
      async create(request) {
        const properties = new PropertyReader(request.properties);
        const name = properties.string('Name') ?? request.generateName(512);
        permit('CreateSecret', request, name);
        const text = secretText(properties, name, request, env.random);
        const secret = storeOf(request).create({
          name,
          value: text === undefined ? undefined : { text },
          description: properties.string('Description'),
          kmsKeyId: properties.string('KmsKeyId'),
          tags: templateTags(request),
        });
        return state(secret.arn);
      },
      async update(request) {
        const { previous, physicalId } = request;
        const store = storeOf(request);
        permit('UpdateSecret', request, physicalId);
        const secret = store.get(physicalId);
        secret.assertUsable();
        const properties = new PropertyReader(request.properties);
        const changed = changedProperties(previous.properties, request.properties);
        if (changed.has('SecretString') || changed.has('GenerateSecretString')) {
          const text = secretText(properties, secret.name, request, env.random);
          if (text !== undefined) store.put(secret, { text });
        }
        secret.description = properties.string('Description');
        secret.kmsKeyId = properties.string('KmsKeyId');
        updateTemplateTags(secret.tags, request);
        return sameState(request);
      },
      async delete(request) {
        const store = storeOf(request);
        permit('DeleteSecret', request, request.physicalId);
        const secret = store.find(request.physicalId);
        if (secret) store.delete(secret, 'at once');
      },
      async read(request) {
        permit('DescribeSecret', request, request.physicalId);
        const secret = storeOf(request).find(request.physicalId);
        if (!secret || secret.deleted !== undefined) return undefined;
        return {
          Description: secret.description,
          Name: secret.name,
          Tags: tagList(secret.tags),
        };
      },
    },
    {
      type: 'AWS::SecretsManager::SecretTargetAttachment',
      level: 'emulated',
      unsupported: ({ TargetType: type }) =>
        typeof type === 'string' && !attachable.includes(type)
          ? [`TargetType ${type} is not supported; only ${attachable.join(' and ')} are`]
          : [],
      create: async (request) => attachDatabase(request),
      update: async (request) => attachDatabase(request),
      async delete(request) {
        const secret = secretBehind(request, 'PutSecretValue');
        if (secret) storeOf(request).put(secret, { text: detach(secret) });
      },
      async read(request) {
        const { SecretId, TargetId } = request.properties;
        const secret = secretBehind(request, 'GetSecretValue');
        const target = secret && attachedDatabase(secret);
        return (
          target && {
            SecretId,
            TargetId: spelledAs(TargetId, target.id, (id) => id.toLowerCase()),
            TargetType: target.type,
          }
        );
      },
    },
    {
      type: 'AWS::SecretsManager::ResourcePolicy',
      level: 'emulated',
      unsupported: ({ BlockPublicPolicy: block }) =>
        String(block) === 'true' ? ['BlockPublicPolicy true is not supported'] : [],
      create: async (request) => putPolicy(request),
      update: async (request) => putPolicy(request),
      async delete(request) {
        const secret = secretBehind(request, 'DeleteResourcePolicy');
        if (secret) secret.resourcePolicy = undefined;
      },
      async read(request) {
        const secret = secretBehind(request, 'GetResourcePolicy');
        const document = documentOf(secret?.resourcePolicy);
        if (document === undefined) return undefined;
        return { ResourcePolicy: document, SecretId: request.properties.SecretId };
      },
    },
    {
      type: 'AWS::SecretsManager::RotationSchedule',
      level: 'recorded',
      async create(request) {
        const id = new PropertyReader(request.properties).requiredString('SecretId');
        permit('RotateSecret', request, id);
        return state(storeOf(request).get(id).arn);
      },
      async delete() {},
    },
  ];
}

function state(arn: string): ResourceState {
  return { physicalId: arn, attributes: { Id: arn } };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html */
function secretText(
  properties: PropertyReader,
  name: string,
  { account, region }: ResourceRequest,
  random: RandomSource,
): string | undefined {
  const text = properties.string('SecretString');
  const generate = properties.object('GenerateSecretString');
  if (!generate) return text;
  if (text !== undefined)
    throw invalidRequest('You can specify either SecretString or GenerateSecretString, not both.');
  const password = randomPassword(
    random.stream(`secretsmanager/${account}/${region}/${name}`),
    requirementsOf(generate),
  );
  const template = generate.string('SecretStringTemplate');
  const key = generate.string('GenerateStringKey');
  if (template === undefined && key === undefined) return password;
  if (template === undefined || key === undefined)
    throw invalidRequest(
      'You must specify both SecretStringTemplate and GenerateStringKey, or neither.',
    );
  try {
    const content: unknown = JSON.parse(template);
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return JSON.stringify({ ...content, [key]: password });
  } catch {
    // Reported below, together with JSON that is no object.
  }
  throw invalidRequest('Could not parse SecretStringTemplate JSON.');
}

function requirementsOf(generate: PropertyReader): PasswordRequirements {
  return {
    PasswordLength: generate.number('PasswordLength'),
    ExcludeCharacters: generate.string('ExcludeCharacters'),
    ExcludeNumbers: generate.boolean('ExcludeNumbers'),
    ExcludePunctuation: generate.boolean('ExcludePunctuation'),
    ExcludeUppercase: generate.boolean('ExcludeUppercase'),
    ExcludeLowercase: generate.boolean('ExcludeLowercase'),
    IncludeSpace: generate.boolean('IncludeSpace'),
    RequireEachIncludedType: generate.boolean('RequireEachIncludedType'),
  };
}
