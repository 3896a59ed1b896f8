import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceError } from '../../../protocol/errors';
import type { RandomStream } from '../../../random/random';
import type { Ec2Region } from '../ec2-region';
import type { Instance } from '../instances/instance';
import type { InstanceCredentials } from './instance-credentials';
import { identityDocument, metadataAt, metadataValues } from './metadata-values';

const longestToken = 21_600;
const ttlHeader = 'x-aws-ec2-metadata-token-ttl-seconds';
const tokenHeader = 'x-aws-ec2-metadata-token';

/** An answer of the service. */
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const notFound: Answer = { status: 404, body: 'Not Found' };
const unauthorized: Answer = { status: 401, body: 'Unauthorized' };

/**
 * The instance metadata service of one instance, on a port of its own: version 2, by tokens, and version 1 where
 * the instance takes it.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 */
export class MetadataService {
  private readonly tokens = new Map<string, number>();
  private readonly random: RandomStream;
  private server: Server | undefined;

  constructor(
    private readonly region: Ec2Region,
    private readonly instance: Instance,
    private readonly credentials: InstanceCredentials,
  ) {
    this.random = region.stream(`metadata/${instance.id}`);
  }

  /** Starts it, and tells where, such as `http://127.0.0.1:40123`. */
  async listen(): Promise<string> {
    const server = createServer((request, response) => this.serve(request, response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // Must not keep a process alive that has nothing else to do.
    server.unref();
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const { status, body, headers } = this.answer(request);
    response.sendDate = false;
    response.writeHead(status, {
      'content-type': 'text/plain',
      date: new Date(this.region.clock.now()).toUTCString(),
      server: 'EC2ws',
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private answer({ method = '', url = '/', headers }: IncomingMessage): Answer {
    if (this.instance.metadata.endpoint === 'disabled') return { status: 403, body: 'Forbidden' };
    const path = decodeURI(url.split('?')[0] ?? '').replace(/^\/+|\/+$/g, '');
    if (method === 'PUT') return this.newToken(path, headers);
    if (method !== 'GET' && method !== 'HEAD')
      return { status: 405, body: 'Method Not Allowed', headers: { allow: 'OPTIONS, GET, HEAD' } };
    if (!this.admits(headers[tokenHeader])) return unauthorized;
    const [, version = '', rest = ''] = /^([^/]+)\/?(.*)$/.exec(path) ?? [];
    if (path === '') return { status: 200, body: 'latest' };
    if (version !== 'latest' && !/^\d{4}-\d{2}-\d{2}$/.test(version)) return notFound;
    return this.read(rest);
  }

  /** A forwarded request did not come from the instance itself. */
  private newToken(path: string, headers: IncomingMessage['headers']): Answer {
    if (headers['x-forwarded-for'] !== undefined) return { status: 403, body: 'Forbidden' };
    if (!path.endsWith('api/token')) return notFound;
    const seconds = Number(headers[ttlHeader]);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestToken)
      return { status: 400, body: 'Bad Request' };
    const token = Buffer.from(this.random.hex(80), 'hex').toString('base64');
    this.tokens.set(token, this.region.clock.now() + seconds * 1000);
    return { status: 200, body: token, headers: { [ttlHeader]: String(seconds) } };
  }

  private admits(token: string | string[] | undefined): boolean {
    if (token === undefined) return this.instance.metadata.tokens === 'optional';
    const until = this.tokens.get(String(token));
    return until !== undefined && until > this.region.clock.now();
  }

  private read(path: string): Answer {
    const { instance } = this;
    if (path === '') return found('dynamic\nmeta-data\nuser-data');
    if (path === 'user-data')
      return instance.userData === undefined
        ? notFound
        : found(Buffer.from(instance.userData, 'base64').toString('utf8'));
    if (path === 'dynamic' || path === 'dynamic/instance-identity')
      return found(path === 'dynamic' ? 'instance-identity/' : 'document');
    if (path === 'dynamic/instance-identity/document')
      return {
        ...found(identityDocument(instance)),
        headers: { 'content-type': 'application/json' },
      };
    if (path !== 'meta-data' && !path.startsWith('meta-data/')) return notFound;
    const below = path.slice('meta-data/'.length);
    if (below.startsWith('iam/security-credentials/'))
      return this.readCredentials(below.slice('iam/security-credentials/'.length));
    const value = metadataAt(
      { ...metadataValues(this.region, instance), ...this.profileValues() },
      below,
    );
    return value === undefined ? notFound : found(value);
  }

  private profileValues(): Readonly<Record<string, string>> {
    const { profile } = this.credentials;
    if (!profile) return {};
    const role = profile.roleArn?.split('/').at(-1);
    return {
      'iam/info': JSON.stringify(
        {
          Code: 'Success',
          LastUpdated: timestamp(this.credentials.updatedAt || this.region.clock.now()),
          InstanceProfileArn: profile.arn,
          InstanceProfileId: profile.id,
        },
        null,
        2,
      ),
      ...(role !== undefined && { 'iam/security-credentials': role }),
    };
  }

  private readCredentials(role: string): Answer {
    const { profile } = this.credentials;
    if (profile?.roleArn?.split('/').at(-1) !== role) return notFound;
    try {
      const current = this.credentials.current();
      return found(
        JSON.stringify(
          {
            Code: 'Success',
            LastUpdated: timestamp(this.credentials.updatedAt),
            Type: 'AWS-HMAC',
            AccessKeyId: current.accessKeyId,
            SecretAccessKey: current.secretAccessKey,
            Token: current.sessionToken,
            Expiration: timestamp(current.expiration),
          },
          null,
          2,
        ),
      );
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return found(
        JSON.stringify({
          Code: 'AssumeRoleUnauthorizedAccess',
          Message: `EC2 cannot assume the role ${role}. Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc.`,
          LastUpdated: timestamp(this.region.clock.now()),
        }),
      );
    }
  }
}

function found(body: string): Answer {
  return { status: 200, body };
}

/** To the second. */
function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
