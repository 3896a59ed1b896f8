import { ServiceError } from '../../protocol/errors';
import type { Secret } from './secret';

/** Where a database is, as a secret's JSON tells it to those who connect with it. */
export interface DatabaseConnection {
  readonly engine: string;
  readonly host: string;
  readonly port: number;
  readonly dbname?: string;
  readonly dbInstanceIdentifier?: string;
  readonly dbClusterIdentifier?: string;
}

/** Looks up the database of a `SecretTargetAttachment`: `AWS::RDS::DBInstance` and such. */
export type DescribeDatabase = (target: {
  readonly type: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
}) => DatabaseConnection | undefined;

const connectionKeys = [
  'engine',
  'host',
  'port',
  'dbname',
  'dbInstanceIdentifier',
  'dbClusterIdentifier',
];

/**
 * The secret's JSON with the connection's details, the rest as it is.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
 * @throws ServiceError `InvalidRequestException` if the secret is no JSON object.
 */
export function attach(secret: Secret, connection: DatabaseConnection): string {
  return JSON.stringify({ ...contentOf(secret), ...connection });
}

/** The secret's JSON without the connection's details. */
export function detach(secret: Secret): string {
  const kept = Object.entries(contentOf(secret)).filter(([key]) => !connectionKeys.includes(key));
  return JSON.stringify(Object.fromEntries(kept));
}

/** The database whose details are in a secret; undefined if none is. */
export function attachedDatabase(secret: Secret): { type: string; id: string } | undefined {
  const content = new Map<string, unknown>(Object.entries(contentOf(secret)));
  const cluster = content.get('dbClusterIdentifier');
  if (typeof cluster === 'string') return { type: 'AWS::RDS::DBCluster', id: cluster };
  const instance = content.get('dbInstanceIdentifier');
  return typeof instance === 'string' ? { type: 'AWS::RDS::DBInstance', id: instance } : undefined;
}

function contentOf(secret: Secret): object {
  const { value } = secret.version(undefined, undefined);
  try {
    const content: unknown = 'text' in value ? JSON.parse(value.text) : undefined;
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  } catch {
    // Reported below, together with JSON that is no object.
  }
  throw new ServiceError(
    'InvalidRequestException',
    `The secret ${secret.name} must hold a JSON object to be attached to a database.`,
  );
}
