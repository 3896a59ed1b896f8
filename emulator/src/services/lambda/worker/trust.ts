import tls from 'node:tls';

/**
 * Trusts a certificate authority beside the public ones wherever the function names none itself: what
 * NODE_EXTRA_CA_CERTS does, which Node reads only when a process starts, not a thread.
 *
 * @param authority - PEM
 */
export function trustAuthority(authority: string): void {
  const create = tls.createSecureContext;
  tls.createSecureContext = (options) => {
    const context = create(options);
    if (options?.ca === undefined) {
      const { context: native }: { context: { addCACert?(pem: string): void } } = context;
      native.addCACert?.(authority);
    }
    return context;
  };
}
