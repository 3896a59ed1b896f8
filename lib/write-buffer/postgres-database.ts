import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { PostgresSinkProps } from './postgres-sink-props';

/** PostgreSQL's port, which an RDS Proxy always listens on. */
const PROXY_PORT = 5_432;

/** What is the same about a cluster, an instance and a proxy. */
export interface PostgresDatabase {
  readonly host: string;
  /** A token for databases made in this app. */
  readonly port: number;
  /** Undefined for imported proxies, which do not tell. */
  readonly connectable: ec2.IConnectable | undefined;
  readonly proxy: boolean;
}

/**
 * The database that the props name; undefined if they name none.
 */
export function databaseOf(props: PostgresSinkProps): PostgresDatabase | undefined {
  const { cluster, instance, proxy } = props;
  if (cluster !== undefined) {
    return {
      host: cluster.clusterEndpoint.hostname,
      port: cluster.clusterEndpoint.port,
      connectable: cluster,
      proxy: false,
    };
  }
  if (instance !== undefined) {
    return {
      host: instance.instanceEndpoint.hostname,
      port: instance.instanceEndpoint.port,
      connectable: instance,
      proxy: false,
    };
  }
  return proxy === undefined
    ? undefined
    : {
        host: proxy.endpoint,
        port: PROXY_PORT,
        connectable: isConnectable(proxy) ? proxy : undefined,
        proxy: true,
      };
}

/**
 * The type of its engine, such as `aurora-postgresql`; undefined where that is not known, as for imports.
 */
export function engineOf({ cluster, instance }: PostgresSinkProps): string | undefined {
  return (cluster?.engine ?? instance?.engine)?.engineType;
}

/**
 * The secret that holds the login: the one given, else that of a cluster or instance made in this app.
 */
export function secretOf(props: PostgresSinkProps): secretsmanager.ISecret | undefined {
  if (props.secret !== undefined) {
    return props.secret;
  }
  const owner: object = props.cluster ?? props.instance ?? {};
  return 'secret' in owner && isSecret(owner.secret) ? owner.secret : undefined;
}

function isConnectable(value: object): value is ec2.IConnectable {
  return 'connections' in value && value.connections !== undefined;
}

function isSecret(value: unknown): value is secretsmanager.ISecret {
  return typeof value === 'object' && value !== null && 'secretArn' in value;
}
