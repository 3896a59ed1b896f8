import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Caller } from '../iam/caller';
import type { CallContext } from '../protocol/handlers';
import { pageOf } from '../services/page';
import type { CloudFormation } from './cloudformation';
import { reasonOf } from './resource-creation';
import { StackFailedError } from './stack';
import type { StackNotifications } from './stack-notifications';
import type { StackOperation } from './stack-requests';
import { validationError } from './template-errors';

/** Asks whether the caller may do something with a stack, which may be there or not. */
export function authorizeStack(
  action: string,
  stack: { readonly id: string } | string,
  context: CallContext,
): void {
  const arn =
    typeof stack === 'string'
      ? `arn:aws:cloudformation:${context.region}:${context.account}:stack/${stack}/*`
      : stack.id;
  context.authorize(`cloudformation:${action}`, arn);
}

/** The text of the template that a call brings; undefined if it is to use the one before. */
export async function templateOf(
  engine: CloudFormation,
  input: {
    readonly TemplateBody?: string;
    readonly TemplateURL?: string;
    readonly UsePreviousTemplate?: boolean;
  },
  { account, region }: CallContext,
): Promise<string | undefined> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: previous } = input;
  if (previous) {
    if (body === undefined && url === undefined) return undefined;
    throw validationError('You cannot specify both usePreviousTemplate and Template Body or URL.');
  }
  if ((body === undefined) === (url === undefined)) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
  if (body !== undefined && Buffer.byteLength(body) > 51_200) {
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200`,
    );
  }
  return url === undefined ? body : engine.template(url, account, region);
}

/** The values that a call gives to parameters, and the names of those that keep theirs. */
export function parametersOf(
  list: readonly {
    readonly ParameterKey?: string;
    readonly ParameterValue?: string;
    readonly UsePreviousValue?: boolean;
  }[] = [],
) {
  const parameters: Record<string, string> = {};
  const previousParameters: string[] = [];
  for (const { ParameterKey: key, ParameterValue: value, UsePreviousValue: previous } of list) {
    if (key === undefined) continue;
    if (previous) previousParameters.push(key);
    else if (value !== undefined) parameters[key] = value;
  }
  return { parameters, previousParameters };
}

/** What a call says of the events that come of it. */
export function announcementOf(input: {
  readonly ClientRequestToken?: string;
  readonly NotificationARNs?: readonly string[];
}) {
  const { ClientRequestToken: clientRequestToken, NotificationARNs: notificationArns } = input;
  return { clientRequestToken, notificationArns };
}

/**
 * @param caller - who works on the stack, and publishes its events
 * @throws ServiceError `ValidationError` for more than five topics, and for one that is not there or takes nothing from the caller.
 */
export function checkNotificationArns(
  arns: readonly string[] | undefined,
  caller: Caller,
  notifications: StackNotifications,
): void {
  if (arns === undefined) return;
  if (arns.length > 5) {
    throw validationError(
      `1 validation error detected: Value '[${arns.join(', ')}]' at 'notificationARNs' failed to satisfy constraint: Member must have length less than or equal to 5`,
    );
  }
  for (const arn of arns) notifications.check(arn, caller);
}

/** Tags as a map. */
export function tagsOf(tags: readonly Partial<Tag>[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** What a call's `DeploymentConfig` comes to. */
export interface DeploymentSettings {
  readonly express: boolean;
  readonly disableRollback: boolean;
}

/**
 * Reads `DeploymentConfig`. The express mode ends an operation before resources are stable; here they are at once, so
 * that of the mode there remains what it does with failures: they are not rolled back unless that is asked for.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-express-mode.html
 *
 * @param disableRollback - what the call says of it outside of `DeploymentConfig`
 */
export function deploymentSettings(
  config: { readonly Mode?: string; readonly DisableRollback?: boolean } | undefined,
  disableRollback?: boolean,
): DeploymentSettings {
  const { Mode: mode = 'STANDARD', DisableRollback: configured } = config ?? {};
  if (mode !== 'STANDARD' && mode !== 'EXPRESS') {
    throw validationError(
      `1 validation error detected: Value '${mode}' at 'deploymentConfig.mode' failed to satisfy constraint: Member must satisfy enum value set: [EXPRESS, STANDARD]`,
    );
  }
  const express = mode === 'EXPRESS';
  return { express, disableRollback: configured ?? disableRollback ?? express };
}

/** Lets an operation go on after the call that began it has been answered: its stack tells how it ends. */
export function inBackground(operation: StackOperation | undefined): void {
  operation?.finished.catch((error: unknown) => {
    if (error instanceof StackFailedError) return;
    process.stderr.write(`cdk-decouple-emulator: ${operation.stack.name}: ${reasonOf(error)}\n`);
  });
}

/**
 * A part of a list in its own order.
 *
 * @param newestFirst - whether the list grows at its beginning
 */
export function partOf<T>(items: readonly T[], token: string | undefined, newestFirst = false) {
  const position = (index: number) => (newestFirst ? 10 ** 8 - items.length + index : index);
  const entries = items.map((item, index) => ({
    item,
    key: String(position(index)).padStart(9, '0'),
  }));
  const invalid = () => validationError('Invalid pagination token');
  const page = pageOf(entries, ({ key }) => key, 100, token, invalid);
  return { items: page.items.map(({ item }) => item), nextToken: page.nextToken };
}
