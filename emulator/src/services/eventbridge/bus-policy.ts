import { policyProblem } from '../../iam/policy-grammar';
import { ServiceError } from '../../protocol/errors';
import { invalid, notFound } from './errors';

/** One statement of a bus's policy. */
export interface PolicyStatement {
  readonly Sid?: unknown;
  readonly [element: string]: unknown;
}

/** What PutPermission and `AWS::Events::EventBusPolicy` say in place of a statement. */
export interface SimplePermission {
  /** `*` or an account. */
  readonly principal: string;
  /** @default 'events:PutEvents' */
  readonly action?: string | undefined;
  readonly condition?:
    | { readonly type: string; readonly key: string; readonly value: string }
    | undefined;
}

/** The most bytes of a bus's policy. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const maximumBytes = 10_240;

/** Who may do what with a bus: a list of statements. */
export class BusPolicy {
  private statements: readonly PolicyStatement[] = [];

  /** JSON; undefined if there is none. */
  get text(): string | undefined {
    if (this.statements.length === 0) return undefined;
    return documentText(this.statements);
  }

  statement(id: string): PolicyStatement | undefined {
    return this.statements.find(({ Sid }) => Sid === id);
  }

  /**
   * Takes the place of all that is there.
   *
   * @param text - JSON
   * @throws ValidationException, PolicyLengthExceededException
   */
  replace(text: string): void {
    check(text);
    const { Statement: given } = Object(JSON.parse(text));
    this.statements = Array.isArray(given) ? given : [given];
  }

  /** Adds a statement, or replaces the one of that id. @throws ValidationException, PolicyLengthExceededException */
  put(id: string, statement: PolicyStatement): void {
    const others = this.statements.filter(({ Sid }) => Sid !== id);
    const statements = [...others, { ...statement, Sid: id }];
    check(documentText(statements));
    this.statements = statements;
  }

  /** @throws ResourceNotFoundException */
  remove(id: string): void {
    if (this.statements.length === 0) throw notFound('EventBus does not have a policy.');
    if (!this.statement(id)) throw notFound('Statement with the provided id does not exist.');
    this.statements = this.statements.filter(({ Sid }) => Sid !== id);
  }

  clear(): void {
    this.statements = [];
  }
}

/** The statement that a simple permission stands for. @throws ValidationException */
export function statementOf(
  { principal, action = 'events:PutEvents', condition }: SimplePermission,
  busArn: string,
): PolicyStatement {
  if (principal !== '*' && !/^\d{12}$/.test(principal))
    throw invalid('Parameter Principal is not valid. Reason: it must be * or an account.');
  return {
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${principal}:root` },
    Action: action,
    Resource: busArn,
    ...(condition && { Condition: { [condition.type]: { [condition.key]: condition.value } } }),
  };
}

function documentText(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function check(text: string): void {
  if (Buffer.byteLength(text) > maximumBytes)
    throw new ServiceError(
      'PolicyLengthExceededException',
      `Policy length exceeded: at most ${maximumBytes} bytes are allowed.`,
    );
  const problem = policyProblem(text, 'resource');
  if (problem !== undefined) throw invalid(`Parameter Policy is not valid. Reason: ${problem}`);
}
