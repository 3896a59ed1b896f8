import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { exampleApp } from '../constructs/example-app';
import { FLAG_SETS } from '../constructs/fixtures';

const GOLDEN: Record<string, string> = JSON.parse(
  readFileSync(join(__dirname, 'logical-ids.json'), 'utf8'),
);

// CloudFormation takes a changed id for a new resource: it would make a second queue and delete the first one
// with its messages. An id may be added to the list, none may change or go.
test.each(FLAG_SETS)('with %s the resources have the ids they always had', (_name, context) => {
  const present = Object.fromEntries(
    exampleApp(context)
      .stacks.flatMap((stack) =>
        Object.entries<{ Type: string }>(Template.fromStack(stack).toJSON().Resources),
      )
      .map(([id, { Type }]) => [id, Type]),
  );

  expect(present).toEqual(GOLDEN);
});
