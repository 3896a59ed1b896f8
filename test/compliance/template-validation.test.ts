import type { App } from 'aws-cdk-lib';
import { Preflight } from 'cdk-preflight';

// Read when aws-cdk-lib is loaded, which is why the fixtures are required below.
process.env.CDK_VALIDATION = 'true';
const { exampleApp } =
  require('../constructs/example-app') as typeof import('../constructs/example-app');
const { FLAG_SETS } = require('../constructs/fixtures') as typeof import('../constructs/fixtures');

/** Everything that synthesis reports, however it is shown. */
function synthesise(app: App): string {
  const lines: string[] = [];
  const keep = (chunk: string | Uint8Array): boolean => {
    lines.push(String(chunk));
    return true;
  };
  const error = jest.spyOn(process.stderr, 'write').mockImplementation(keep);
  const console_ = jest.spyOn(console, 'error').mockImplementation((line) => keep(`${line}\n`));
  try {
    app.synth();
  } finally {
    error.mockRestore();
    console_.mockRestore();
  }
  return lines.join('');
}

describe.each(FLAG_SETS)('with %s', (_name, context) => {
  test('cdk-preflight and the built-in validation find nothing', () => {
    const { app } = exampleApp(context);
    Preflight.apply(app, { strict: true });

    expect(synthesise(app)).toBe('');
  });
});

test('a template that CloudFormation would refuse is found', () => {
  const { app, stacks } = exampleApp();
  Preflight.apply(app, { strict: true });
  const { CfnResource } = require('aws-cdk-lib') as typeof import('aws-cdk-lib');
  const [stack] = stacks;
  if (stack === undefined) throw new Error('the app has no stack');
  new CfnResource(stack, 'Wrong', {
    type: 'AWS::SQS::Queue',
    properties: { VisibilityTimeout: 'soon' },
  });

  expect(() => synthesise(app)).toThrow(/'soon' is not of type 'integer'/);
});
