import { certificateHosts, sharedServerIsThere, startSharedServer } from './engines/postgres';
import { CertificateAuthority } from './gateway/certificate-authority';

/**
 * Starts one PostgreSQL server for a whole Jest run, for emulators that are started with
 * `{ databases: 'shared' }`:
 *
 * ```js
 * // jest.config.js
 * module.exports = { globalSetup: 'cdk-decouple-emulator/jest-global-setup' };
 * ```
 *
 * It ends with the Jest process and removes its files then; no `globalTeardown` is needed. In watch mode it
 * stays for all runs.
 */
async function globalSetup(): Promise<void> {
  if (await sharedServerIsThere()) return;
  await startSharedServer(await new CertificateAuthority().issue(certificateHosts));
}

// A function as the module itself, as Jest and every bundler understand it.
export = globalSetup;
