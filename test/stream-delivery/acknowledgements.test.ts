import { App, Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Destination, StreamDelivery } from 'cdk-decouple';
import { AwsSolutionsChecks } from 'cdk-nag';

/** What is printed while an app is synthesised, with the pack as a plugin, and whether it fails. */
function synthesise(app: App): { readonly output: string; readonly failed: boolean } {
  const lines: string[] = [];
  const keep = (text: unknown): boolean => lines.push(String(text)) > 0;
  const spies = [
    jest.spyOn(process.stderr, 'write').mockImplementation(keep),
    jest.spyOn(console, 'error').mockImplementation(keep),
    jest.spyOn(console, 'log').mockImplementation(keep),
  ];
  try {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    return { output: lines.join(''), failed: false };
  } catch (error) {
    return { output: `${lines.join('')}${error}`, failed: true };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test.each([
  ['of the same stack', false],
  ['of another stack', true],
])('cdk-nag is told of the wildcard for the objects of a bucket %s', (_where, isShared) => {
  const app = new App();
  const stack = new Stack(app, 'Clicks');
  const bucket = new s3.Bucket(isShared ? new Stack(app, 'Shared') : stack, 'Bucket', {
    enforceSSL: true,
  });
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'It is a test.' });
  new StreamDelivery(stack, 'Delivery', { destination: Destination.s3({ bucket }) });

  expect(synthesise(app)).toEqual({ output: '', failed: false });
});

test('what nobody acknowledged is found', () => {
  const app = new App();
  new s3.Bucket(new Stack(app, 'Clicks'), 'Bucket', { enforceSSL: true });

  expect(synthesise(app).output).toContain('AwsSolutions-S1');
});
