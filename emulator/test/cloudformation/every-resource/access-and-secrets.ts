import { allow, attribute, type Resources, ref, tags, trust } from './template-parts';

/** Identities, keys, secrets and parameters. */
export const accessAndSecrets: Resources = {
  Role: [
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: trust('lambda'),
      ManagedPolicyArns: [
        'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole',
        'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      ],
      Policies: [{ PolicyName: 'own', PolicyDocument: allow('s3:GetObject') }],
      Tags: tags,
    },
  ],
  RolePolicy: [
    'AWS::IAM::RolePolicy',
    { RoleName: ref('Role'), PolicyName: 'beside', PolicyDocument: allow('sqs:*') },
  ],
  Policy: [
    'AWS::IAM::Policy',
    { Roles: [ref('Role')], PolicyName: 'shared', PolicyDocument: allow('sqs:*') },
  ],
  ManagedPolicy: [
    'AWS::IAM::ManagedPolicy',
    { PolicyDocument: allow('kms:*'), Roles: [ref('Role')], Description: 'keys' },
  ],
  Profile: ['AWS::IAM::InstanceProfile', { Roles: [ref('Role')] }],
  Key: ['AWS::KMS::Key', { Description: 'orders', Enabled: true, PendingWindowInDays: 7 }],
  Alias: ['AWS::KMS::Alias', { AliasName: 'alias/orders', TargetKeyId: attribute('Key', 'Arn') }],
  Secret: [
    'AWS::SecretsManager::Secret',
    { Description: 'password', SecretString: 'one', Tags: tags },
  ],
  SecretPolicy: [
    'AWS::SecretsManager::ResourcePolicy',
    {
      SecretId: ref('Secret'),
      ResourcePolicy: allow('secretsmanager:*', { Principal: '*', Resource: '*' }),
    },
  ],
  Parameter: [
    'AWS::SSM::Parameter',
    { Type: 'String', Value: 'one', Description: 'a value', Tags: { team: 'shop' } },
  ],
};
