import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { Emulator } from 'cdk-decouple-emulator';

/** A function that prints each event, takes two seconds if one of its messages says `slow`, and throws if one says `fail`. */
export const printingHandler = `exports.handler = async (event) => {
  console.log('event ' + JSON.stringify(event));
  const messages = event.messages ?? Object.values(event.rmqMessagesByQueue)[0];
  const texts = messages.map(({ data }) => Buffer.from(data, 'base64').toString());
  if (texts.some((text) => text.includes('slow'))) await new Promise((resolve) => setTimeout(resolve, 2000));
  if (texts.some((text) => text.includes('fail'))) throw new Error('no');
};`;

/** The events that such a function has printed. */
export async function printedEvents<Event>(
  aws: Emulator,
  functionName: string,
): Promise<readonly Event[]> {
  const logs = aws.client(CloudWatchLogs);
  const found: Event[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.filterLogEvents({
      logGroupName: `/aws/lambda/${functionName}`,
      nextToken,
    });
    for (const { message = '' } of page.events ?? []) {
      const [, event] = message.split('\tevent ');
      if (event !== undefined) found.push(JSON.parse(event));
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}
