import { readFile } from 'node:fs/promises';
import { type ChannelModel, connect } from 'amqplib';
import type { Emulator } from '../../../src';

/** Connects to a broker, as the user of every broker here unless told otherwise. @throws Error if it does not let them in */
export async function openAmqp(
  aws: Emulator,
  endpoint: string,
  password = 'a long password',
  username = 'shop',
): Promise<ChannelModel> {
  const { hostname, port } = new URL(endpoint);
  const ca = [await readFile(await aws.certificateAuthorityFile())];
  const connection = await connect(
    { protocol: 'amqps', hostname, port: Number(port), username, password },
    { ca },
  );
  // A connection that is lost is one that is closed.
  connection.on('error', () => undefined);
  return connection;
}

/**
 * Publishes persistent messages until each of them is confirmed, over another connection when one is lost.
 *
 * @param onConfirmed - called for each
 */
export async function publishAll(
  open: () => Promise<ChannelModel>,
  queue: string,
  texts: readonly string[],
  onConfirmed: () => void,
): Promise<void> {
  let pending = [...texts];
  while (pending.length > 0) {
    const connection = await open().catch(() => undefined);
    const channel = await connection?.createConfirmChannel().catch(() => undefined);
    if (!connection || !channel) continue;
    channel.on('error', () => undefined);
    // Of a connection that is lost while it is closed, nothing else is heard.
    const closed = new Promise<void>((resolve) => {
      connection.once('close', () => resolve());
    });
    const outcomes = pending.map(
      (text) =>
        new Promise<string[]>((resolve) => {
          channel.sendToQueue(queue, Buffer.from(text), { persistent: true }, (error) => {
            if (!error) onConfirmed();
            resolve(error ? [text] : []);
          });
        }),
    );
    pending = (await Promise.all(outcomes)).flat();
    connection.close().catch(() => undefined);
    await closed;
  }
}

/** Reads a queue until all of these texts have come. */
export async function receiveAll(
  connection: ChannelModel,
  queue: string,
  texts: readonly string[],
): Promise<void> {
  const missing = new Set(texts);
  const channel = await connection.createChannel();
  await new Promise<void>((resolve) => {
    void channel.consume(queue, (message) => {
      if (!message) return;
      missing.delete(message.content.toString());
      channel.ack(message);
      if (missing.size === 0) resolve();
    });
  });
  await connection.close();
}
