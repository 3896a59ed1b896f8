import { syncBuiltinESMExports } from 'node:module';
import { emulatorAt } from './emulator-address';
import { hostTime } from './host-time';
import { installScaledTime } from './scaled-time';
import { Sockets } from './sockets';

/**
 * Preloaded into Node.js programs on an accelerated clock: their timers and dates follow it. What the rate is, and
 * which emulated instant belonged to which real one, is in the environment.
 */
function followClock(): void {
  const { AWS_ENDPOINT_URL: endpoint, EMULATOR_CLOCK_ORIGIN: origin = '' } = process.env;
  const rate = Number(process.env.EMULATOR_CLOCK_RATE);
  const [real, emulated] = origin.split('/').map(Number);
  if (!(rate > 0) || real === undefined || emulated === undefined) return;
  const isEmulator = endpoint === undefined ? () => false : emulatorAt(endpoint);
  const sockets = new Sockets(isEmulator, () => undefined);
  const now = emulated + (hostTime.now() - real) * rate;
  installScaledTime(rate, now, () => sockets.openCount() > 0);
  sockets.install();
  syncBuiltinESMExports();
}

followClock();
