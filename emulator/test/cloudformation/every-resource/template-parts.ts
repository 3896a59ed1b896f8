/** Resources by their logical ids. */
export type Resources = Readonly<Record<string, readonly [type: string, properties: object]>>;

export const ref = (id: string) => ({ Ref: id });
export const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
/** A policy document with one statement. */
export const allow = (action: string, rest: object = { Resource: '*' }) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, ...rest }],
});
/** A document that lets a service assume a role. */
export const trust = (service: string) =>
  allow('sts:AssumeRole', { Principal: { Service: `${service}.amazonaws.com` } });
export const tags = [{ Key: 'team', Value: 'shop' }];

/** The policy of a key that CloudWatch Logs may use, too. */
export const logKeyPolicy = {
  Version: '2012-10-17',
  Statement: [
    ...allow('kms:*', { Principal: { AWS: { Ref: 'AWS::AccountId' } }, Resource: '*' }).Statement,
    ...allow('kms:*', {
      Principal: {
        Service: { 'Fn::Join': ['.', ['logs', { Ref: 'AWS::Region' }, 'amazonaws.com']] },
      },
      Resource: '*',
    }).Statement,
  ],
};
