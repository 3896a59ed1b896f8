import { isIP } from 'node:net';

/** Whether a host name or an address is this machine's own, which no packet leaves. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host.endsWith('.localhost') || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** Whether a text is the URL of an HTTP server on this machine. */
export function isLocalUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, protocol } = new URL(text);
  return /^https?:$/.test(protocol) && isLoopback(hostname);
}
