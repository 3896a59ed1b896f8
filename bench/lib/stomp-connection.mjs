// STOMP 1.2 over TLS, as thin as Node.js has it.
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';

const prefetch = 1000;

/**
 * Opens a connection to a queue.
 *
 * @param endpoint - `stomp+ssl://…`
 * @throws Error if nobody listens there.
 */
export async function stompConnection({ endpoint, caFile, username, password, queue }) {
  const { hostname: host, port } = new URL(endpoint);
  const socket = connect({ host, port: Number(port), ca: readFileSync(caFile, 'utf8') });
  socket.setEncoding('utf8');
  const destination = `/queue/${queue}`;
  const confirmations = [];
  let onMessage;
  let onConnected;
  const connected = new Promise((resolve, reject) => {
    onConnected = resolve;
    socket.once('error', reject);
  });
  const read = (frame) => {
    const [command, ...lines] = frame.trimStart().split('\n\n', 1)[0].split('\n');
    if (command === 'CONNECTED') onConnected();
    else if (command === 'RECEIPT') confirmations.shift()();
    else if (command === 'MESSAGE') {
      const id = lines.find((line) => line.startsWith('ack:')).slice('ack:'.length);
      socket.write(`ACK\nid:${id}\n\n\0`);
      onMessage();
    } else throw new Error(frame);
  };
  let unfinished = '';
  socket.on('data', (chunk) => {
    const frames = (unfinished + chunk).split('\0');
    unfinished = frames.pop();
    for (const frame of frames) read(frame);
  });
  socket.write(
    `CONNECT\naccept-version:1.2\nhost:/\nlogin:${username}\npasscode:${password}\n\n\0`,
  );
  await connected;
  let receipt = 0;
  return {
    /** Sends a persistent message. */
    send(body, onConfirmed) {
      confirmations.push(onConfirmed);
      socket.write(
        `SEND\ndestination:${destination}\npersistent:true\nreceipt:${receipt++}\n\n${body}\0`,
      );
    },
    /** Receives messages from now on, and acknowledges each. */
    consume(listener) {
      onMessage = listener;
      socket.write(
        `SUBSCRIBE\nid:0\ndestination:${destination}\nack:client-individual\nactivemq.prefetchSize:${prefetch}\n\n\0`,
      );
    },
    close: () => socket.destroy(),
  };
}
