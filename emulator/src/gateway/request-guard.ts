import { isIP } from 'node:net';

/** Headers by which a request tells where it comes from and what it is addressed to. */
export interface GuardedHeaders {
  readonly host?: string;
  readonly origin?: string;
  readonly 'sec-fetch-site'?: string | string[];
}

/**
 * Keeps web pages out: there is no authentication, so a page that a user happens to visit must not
 * reach the emulator, neither across origins nor by a name that resolves to this machine.
 */
export class RequestGuard {
  /** @param listeningHost - the address that the gateway listens on; other names than those of this machine are fine if it is not a loopback address */
  constructor(private readonly listeningHost: string) {}

  /** Why a request is refused, or undefined if it is not. */
  refusal(headers: GuardedHeaders): string | undefined {
    const { host, origin } = headers;
    if (host !== undefined && !this.isOurs(host))
      return `The host ${host} is not this machine: use 127.0.0.1 or localhost`;
    if (origin !== undefined && !isLoopbackOrigin(origin))
      return `Requests of web pages are refused: the origin ${origin} is not this machine`;
    if (headers['sec-fetch-site'] === 'cross-site')
      return 'Requests of web pages are refused: this one comes from another site';
    return undefined;
  }

  private isOurs(host: string): boolean {
    const name = withoutPort(host.toLowerCase());
    if (isLoopbackName(name) || name === this.listeningHost) return true;
    // Listening beyond loopback was asked for; addresses, unlike names, cannot be pointed at us by others.
    return !isLoopbackName(this.listeningHost) && isIP(name) !== 0;
  }
}

function withoutPort(host: string): string {
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(host) ?? [];
  return bracketed ?? host.replace(/:\d+$/, '');
}

function isLoopbackName(name: string): boolean {
  if (name === '127.0.0.1' || name === 'localhost') return true;
  return (
    name === '::1' || (isIP(name) === 4 && name.startsWith('127.')) || name.endsWith('.localhost')
  );
}

function isLoopbackOrigin(origin: string): boolean {
  const [, host] = /^https?:\/\/(.+)$/.exec(origin.toLowerCase()) ?? [];
  return host !== undefined && isLoopbackName(withoutPort(host));
}
