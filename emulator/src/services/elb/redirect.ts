import type { Redirect } from './actions';

/** The request that is redirected. */
export interface RedirectedRequest {
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly url: string;
}

/**
 * Where a request is redirected to.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
 */
export function redirectedTo(redirect: Redirect, request: RedirectedRequest): string {
  const [path = '', query = ''] = request.url.split('?');
  const parts: Readonly<Record<string, string>> = {
    protocol: request.protocol,
    host: request.host,
    port: String(request.port),
    path: path.replace(/^\//, ''),
    query,
  };
  const filled = (text: string) =>
    text.replace(/#\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole);
  const asked = filled(redirect.query);
  const address = `${filled(redirect.protocol).toLowerCase()}://${filled(redirect.host)}:${filled(redirect.port)}`;
  return `${address}${filled(redirect.path)}${asked === '' ? '' : `?${asked}`}`;
}
