import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type PostgresSinkProps, WriteBuffer } from 'cdk-decouple';
import { type Database, databaseIn, ordersSink } from '../constructs/fixtures';

/** Props that differ from those of a plain sink. */
export type Changes = Partial<PostgresSinkProps>;

/** A stack with a buffer in front of a database. */
export function bufferWith(
  changes: Changes | ((stack: Stack, database: Database) => Changes) = {},
) {
  const stack = new Stack(new App(), 'Test');
  const database = databaseIn(stack);
  const given = typeof changes === 'function' ? changes(stack, database) : changes;
  const buffer = new WriteBuffer(stack, 'Orders', { sink: ordersSink(database, given) });
  return { stack, buffer, template: Template.fromStack(stack) };
}

/** Only the function that writes, not CDK's own. */
export const WRITER = { Handler: 'index.handler', Runtime: 'nodejs24.x' };

/** The environment of the function that writes. */
export function environmentOf(template: Template): Record<string, unknown> {
  const [fn] = Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: WRITER }),
  );
  return fn?.Properties.Environment.Variables;
}

/** What the function that writes is told to write. */
export function planOf(template: Template): unknown {
  return JSON.parse(String(environmentOf(template).WRITE_PLAN));
}
