import { syncBuiltinESMExports } from 'node:module';
import { installMounts } from './mounts/install-mounts';

/** Preloaded into Node.js programs of instances that mount file systems: which they are is in the environment. */
function mountFileSystems(): void {
  const { EMULATOR_MOUNTS: mounts } = process.env;
  if (mounts === undefined) return;
  installMounts(JSON.parse(mounts));
  syncBuiltinESMExports();
}

mountFileSystems();
