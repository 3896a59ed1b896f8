import { createKms } from '../../../src/services/kms';
import { createSsm, type SsmService } from '../../../src/services/ssm';
import { ProvidedResource, providerOf } from '../../support/resource-request';
import { serviceEnvironment } from '../../support/service-environment';

const type = 'AWS::SSM::Parameter';
const place = ['000000000000', 'us-east-1'] as const;

let ssm: SsmService;

beforeEach(() => {
  const env = serviceEnvironment();
  ssm = createSsm(env, createKms(env));
});

test('a parameter of a template is read by other templates', async () => {
  const resource = await ProvidedResource.create(ssm.resourceProviders, type, {
    properties: { Name: '/shop/zones', Type: 'StringList', Value: 'a,b', Tags: { team: 'orders' } },
  });
  expect(resource.state).toEqual({
    physicalId: '/shop/zones',
    attributes: {
      Arn: 'arn:aws:ssm:us-east-1:000000000000:parameter/shop/zones',
      Type: 'StringList',
      Value: 'a,b',
    },
  });
  expect(ssm.resolveParameter('/shop/zones', ...place)).toBe('a,b');
  expect(ssm.resolveParameter('/shop/zones:1', ...place)).toBe('a,b');
  await resource.delete();
  expect(() => ssm.resolveParameter('/shop/zones', ...place)).toThrow('/shop/zones not found');
  expect(ssm.leaks()).toEqual([]);
});

test('what CloudFormation or the emulator cannot make is refused', () => {
  const provider = providerOf(ssm.resourceProviders, type);
  const reasons = provider.unsupported?.({ Type: 'SecureString', Value: 'x', Policies: '[]' });
  expect(reasons).toEqual([
    `${type} does not support Policies ("[]")`,
    `${type} does not support Type SecureString`,
  ]);
});

test('the bootstrap version is there without being in the way of a bootstrap stack', async () => {
  ssm.seedBootstrap(...place);
  const name = '/cdk-bootstrap/hnb659fds/version';
  expect(ssm.resolveParameter(name, ...place)).toBe('30');
  expect(ssm.leaks()).toEqual([]);
  await ProvidedResource.create(ssm.resourceProviders, type, {
    properties: { Name: name, Type: 'String', Value: '31' },
  });
  expect(ssm.resolveParameter(name, ...place)).toBe('31');
});
