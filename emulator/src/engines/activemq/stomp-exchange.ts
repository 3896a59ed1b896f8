import { connect } from 'node:tls';
import { brokerHost } from '../brokers/member';

/** What a client says to a broker that is there for nothing else. */
export interface StompExchange {
  /** Of its connector for STOMP over TLS. */
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** How many persistent messages go into a queue and out of it. */
  readonly messages: number;
  /** How long the broker may say nothing, in milliseconds. */
  readonly silence: number;
}

/**
 * Sends messages to a queue and, when all are confirmed, receives them: once through what most clients do.
 *
 * @throws Error if the broker refuses, hangs up or falls silent before that is done.
 */
export function exchangeOverStomp(exchange: StompExchange): Promise<void> {
  const { messages, password, port, silence, username } = exchange;
  return new Promise((resolve, reject) => {
    // A child of ours, at the port that it has told us.
    const socket = connect({ host: brokerHost, port, rejectUnauthorized: false });
    let answers = 0;
    let last = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      last = text;
      const before = answers;
      answers += text.split('\0').length - 1;
      // The answer to CONNECT and a receipt for each message; later the messages: each ends with a zero.
      const confirmed = 1 + messages;
      if (before < confirmed && answers >= confirmed) socket.write(subscription);
      if (answers < confirmed + messages) return;
      resolve();
      socket.destroy();
    });
    socket.setTimeout(silence, () => socket.destroy());
    socket.on('error', reject);
    socket.on('close', () =>
      reject(new Error(`the broker ended the exchange over STOMP: ${last}`)),
    );
    socket.write(
      frame('CONNECT', [
        'accept-version:1.2',
        'host:/',
        `login:${username}`,
        `passcode:${password}`,
      ]) + message.repeat(messages),
    );
  });
}

const destination = 'destination:/queue/rehearsal';
const message = frame('SEND', [destination, 'persistent:true', 'receipt:sent'], 'x'.repeat(200));
const subscription = frame('SUBSCRIBE', ['id:0', destination, 'ack:auto']);

function frame(command: string, headers: readonly string[], body = ''): string {
  return `${[command, ...headers].join('\n')}\n\n${body}\0`;
}
