import { CfnResource } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { exampleApp } from '../constructs/example-app';
import { FLAG_SETS } from '../constructs/fixtures';

/** So that an empty app cannot pass. */
const FEWEST_RESOURCES = 40;

describe.each(FLAG_SETS)('with %s', (_name, context) => {
  test('the AwsSolutions pack finds nothing that is not acknowledged', () => {
    const { app, stacks } = exampleApp(context);

    const pack = new AwsSolutionsChecks(app, { verbose: true });

    expect(stacks.flatMap((stack) => pack.validateScope(stack).violations)).toEqual([]);
    expect(app.node.findAll().filter(CfnResource.isCfnResource).length).toBeGreaterThanOrEqual(
      FEWEST_RESOURCES,
    );
  });

  test('the Serverless pack finds nothing that is not acknowledged', () => {
    const { app, stacks } = exampleApp(context);

    const pack = new ServerlessChecks(app);

    expect(stacks.flatMap((stack) => pack.validateScope(stack).violations)).toEqual([]);
  });
});
