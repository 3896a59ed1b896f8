import { createIam, type IamService } from '../../../src/services/iam';
import { ProvidedResource, providerOf } from '../../support/resource-request';
import { serviceEnvironment } from '../../support/service-environment';

const trust = {
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ],
};
const document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
};
const basicExecution = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

let iam: IamService;

beforeEach(() => {
  iam = createIam(serviceEnvironment());
});

function create(type: string, properties: ProvidedProperties): Promise<ProvidedResource> {
  return ProvidedResource.create(iam.resourceProviders, type, { properties });
}
type ProvidedProperties = Parameters<typeof ProvidedResource.create>[2]['properties'];

const roleProperties = {
  AssumeRolePolicyDocument: trust,
  ManagedPolicyArns: [basicExecution],
  Policies: [{ PolicyName: 'inline', PolicyDocument: document }],
};

test('a role has its policies as long as it lives', async () => {
  const role = await create('AWS::IAM::Role', roleProperties);
  const { Arn: arn } = role.state.attributes;
  expect(role.state.physicalId).toBe('Shop-Thing-ABCDEF123456');
  expect((iam.roleRights(String(arn))?.policies ?? []).map(({ name }) => name)).toEqual([
    'inline',
    'AWSLambdaBasicExecutionRole',
  ]);
  await role.delete();
  expect(iam.role(String(arn))).toBeUndefined();
  expect(iam.leaks()).toEqual([]);
});

test('a role that cannot have all its policies is not there at all', async () => {
  const properties = { ...roleProperties, ManagedPolicyArns: ['arn:aws:iam::aws:policy/None'] };
  await expect(create('AWS::IAM::Role', properties)).rejects.toThrow('None');
  expect(iam.leaks()).toEqual([]);
});

test('policies are put into roles and taken out again', async () => {
  const role = await create('AWS::IAM::Role', { AssumeRolePolicyDocument: trust });
  const { physicalId: name, attributes } = role.state;
  const added = [
    await create('AWS::IAM::Policy', {
      PolicyName: 'default',
      PolicyDocument: document,
      Roles: [name],
    }),
    await create('AWS::IAM::RolePolicy', {
      PolicyName: 'single',
      PolicyDocument: document,
      RoleName: name,
    }),
    await create('AWS::IAM::ManagedPolicy', { PolicyDocument: document, Roles: [name] }),
  ];
  const names = (iam.roleRights(String(attributes.Arn))?.policies ?? []).map(
    (policy) => policy.name,
  );
  expect(names).toEqual(['default', 'single', 'Shop-Thing-ABCDEF123456']);
  await expect(role.delete()).rejects.toThrow('must detach all policies first.');
  for (const resource of added.reverse()) await resource.delete();
  await role.delete();
  expect(iam.leaks()).toEqual([]);
});

test('an instance profile gives its role back', async () => {
  const role = await create('AWS::IAM::Role', { AssumeRolePolicyDocument: trust });
  const profile = await create('AWS::IAM::InstanceProfile', { Roles: [role.state.physicalId] });
  expect(profile.state.attributes.Arn).toBe(
    'arn:aws:iam::000000000000:instance-profile/Shop-Thing-ABCDEF123456',
  );
  await profile.delete();
  await role.delete();
  expect(iam.leaks()).toEqual([]);
});

test('groups and users are refused before anything is made', () => {
  const provider = providerOf(iam.resourceProviders, 'AWS::IAM::Policy');
  expect(provider.unsupported?.({ PolicyName: 'p', Users: ['bob'] })).toEqual([
    'AWS::IAM::Policy does not support Users (["bob"])',
  ]);
});
