import { createKms } from '../../../src/services/kms';
import { ProvidedResource, providerOf } from '../../support/resource-request';
import { serviceEnvironment } from '../../support/service-environment';

test('a key and its alias come and go with their stack', async () => {
  const kms = createKms(serviceEnvironment());
  const key = await ProvidedResource.create(kms.resourceProviders, 'AWS::KMS::Key', {
    properties: { EnableKeyRotation: 'true', PendingWindowInDays: 7 },
  });
  const { Arn: arn, KeyId: id } = key.state.attributes;
  expect(arn).toBe(`arn:aws:kms:us-east-1:000000000000:key/${id}`);
  expect(key.state.physicalId).toBe(id);
  const alias = await ProvidedResource.create(kms.resourceProviders, 'AWS::KMS::Alias', {
    properties: { AliasName: 'alias/orders', TargetKeyId: String(arn) },
  });
  expect(alias.state.physicalId).toBe('alias/orders');
  expect(kms.usableKeyArn('alias/orders', '000000000000', 'us-east-1')).toBe(arn);
  await alias.delete();
  await key.delete();
  expect(kms.leaks()).toEqual([]);
  expect(() => kms.usableKeyArn(String(arn), '000000000000', 'us-east-1')).toThrow(
    'is pending deletion.',
  );
  await kms.stop();
});

test('other kinds of keys are refused before anything is made', () => {
  const { resourceProviders: providers } = createKms(serviceEnvironment());
  const { unsupported } = providerOf(providers, 'AWS::KMS::Key');
  expect(unsupported?.({ KeySpec: 'RSA_2048', MultiRegion: true })).toEqual([
    'AWS::KMS::Key does not support KeySpec RSA_2048',
    'AWS::KMS::Key does not support MultiRegion true',
  ]);
  expect(unsupported?.({ KeySpec: 'SYMMETRIC_DEFAULT', MultiRegion: false })).toEqual([]);
});
