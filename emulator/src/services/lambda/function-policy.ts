import { createHash } from 'node:crypto';
import { conflict, notFound } from './errors';

/** One statement of a function's resource policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What AddPermission is given. */
export interface Permission {
  readonly statementId: string;
  /** Such as `lambda:InvokeFunction`. */
  readonly action: string;
  /** A service, an account, or an ARN. */
  readonly principal: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
  readonly principalOrgId?: string;
}

/** The resource policy of a function, or of a version or alias of it. */
export class FunctionPolicy {
  private readonly statements = new Map<string, PolicyStatement>();

  /** @throws ServiceError if there is a statement of that id */
  add(permission: Permission, resource: string): PolicyStatement {
    const { statementId } = permission;
    if (this.statements.has(statementId))
      throw conflict(
        `The statement id (${statementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    const statement = statementOf(permission, resource);
    this.statements.set(statementId, statement);
    return statement;
  }

  /** @throws ServiceError if there is none of that id */
  remove(statementId: string): void {
    if (!this.statements.delete(statementId))
      throw notFound(`Statement ${statementId} is not found in resource policy.`);
  }

  /** Undefined if there is none of that id. */
  find(statementId: string): PolicyStatement | undefined {
    return this.statements.get(statementId);
  }

  get empty(): boolean {
    return this.statements.size === 0;
  }

  /** The policy document. */
  toJson(): string {
    return JSON.stringify({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [...this.statements.values()],
    });
  }

  get revisionId(): string {
    const digits = createHash('sha256').update(this.toJson()).digest('hex');
    return [8, 12, 16, 20, 32]
      .map((end, index, ends) => digits.slice(ends[index - 1] ?? 0, end))
      .join('-');
  }
}

function statementOf(permission: Permission, resource: string): PolicyStatement {
  const { statementId, action, principal, sourceArn, sourceAccount, principalOrgId } = permission;
  const condition = {
    ...((sourceAccount !== undefined || principalOrgId !== undefined) && {
      StringEquals: {
        ...(sourceAccount !== undefined && { 'AWS:SourceAccount': sourceAccount }),
        ...(principalOrgId !== undefined && { 'aws:PrincipalOrgID': principalOrgId }),
      },
    }),
    ...(sourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': sourceArn } }),
  };
  return {
    Sid: statementId,
    Effect: 'Allow',
    Principal: principalOf(principal),
    Action: action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

/** What a statement was made of. */
export function permissionOf(statement: PolicyStatement): Permission {
  const {
    Action: action,
    Condition: condition,
    Principal: principal,
    Sid: statementId,
  } = statement;
  return {
    statementId,
    action,
    principal: principal === '*' ? '*' : 'Service' in principal ? principal.Service : principal.AWS,
    principalOrgId: condition?.StringEquals?.['aws:PrincipalOrgID'],
    sourceAccount: condition?.StringEquals?.['AWS:SourceAccount'],
    sourceArn: condition?.ArnLike?.['AWS:SourceArn'],
  };
}

function principalOf(principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}
