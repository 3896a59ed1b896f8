/** Tells whether a place is the emulator. */
export type IsEmulator = (host: string | undefined, port: number) => boolean;

/** Recognises the emulator by its port on any name of the loopback interface. */
export function emulatorAt(endpoint: string): IsEmulator {
  const url = new URL(endpoint);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return (host = 'localhost', to) =>
    to === port &&
    (host === url.hostname || /^(\[?::1\]?|127(\.\d+){3}|(.*\.)?localhost)$/.test(host));
}
