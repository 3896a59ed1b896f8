import type { Clock } from '../clock/clock';
import type { RandomSource } from '../random/random';
import { Stack, type StackEvent } from './stack';
import type { CreateStackRequest } from './stack-requests';
import { emptyTemplate } from './template';
import { validationError } from './template-errors';

/** What a stack lives in. */
export interface NewStackContext {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Told of every event of every stack. @default - nobody is */
  readonly onStackEvent?: (stack: Stack, event: StackEvent) => void;
}

/**
 * Makes a stack that has nothing yet and that nobody knows.
 *
 * @param parent - the stack that it is nested in
 * @throws ServiceError `ValidationError` for a name that is none.
 */
export function newStack(
  request: Omit<CreateStackRequest, 'template'>,
  parent: Stack | undefined,
  { clock, random: source, onStackEvent }: NewStackContext,
): Stack {
  const { name, account, region, tags = {} } = request;
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  const random = source.stream(`cloudformation/${account}/${region}/${name}`);
  const id = `arn:aws:cloudformation:${region}:${account}:stack/${name}/${random.uuid()}`;
  return new Stack(
    {
      id,
      name,
      account,
      region,
      template: emptyTemplate,
      parameters: [],
      tags,
      capabilities: [],
      disableRollback: false,
      express: parent?.identity.express ?? false,
      parentId: parent?.id,
      rootId: parent && (parent.identity.rootId ?? parent.id),
      imports: new Set(),
      dependencies: new Map(),
    },
    clock,
    random,
    onStackEvent,
  );
}
