// Records what a server answers to the CDK CLI, call by call, and answers the same calls from the record at once: what
// the CLI itself costs.
import { createServer, request as httpRequest } from 'node:http';

/** What a call asks for, without what differs from run to run: signatures, tokens, dates. */
function keyOf({ headers, method, url }, body) {
  const service = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)/.exec(headers.authorization ?? '')?.[1];
  const target = headers['x-amz-target'];
  if (target !== undefined) return `${service} ${target} ${body}`;
  if (method !== 'POST' || url !== '/') return `${method} ${url}`;
  const form = new URLSearchParams(body.toString('utf8'));
  return ['Action', 'StackName', 'ChangeSetName', 'RoleArn']
    .map((name) => form.get(name) ?? '')
    .join(' ')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>');
}

async function bodyOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Answers itself: their text goes out with a date and a connection of its own. */
const ownHeaders = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'];

/**
 * Passes calls on to a server and keeps its answers.
 *
 * @returns the record, by call: answers in their order
 */
export async function recordingProxy(target) {
  const record = {};
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const outgoing = httpRequest(
      new URL(request.url, target),
      { method: request.method, headers: request.headers },
      async (incoming) => {
        const answer = await bodyOf(incoming);
        const headers = Object.entries(incoming.headers).filter(
          ([name]) => !ownHeaders.includes(name),
        );
        record[keyOf(request, body)] ??= [];
        record[keyOf(request, body)].push({
          status: incoming.statusCode,
          headers: Object.fromEntries(headers),
          body: answer.toString('base64'),
        });
        response.writeHead(incoming.statusCode, Object.fromEntries(headers));
        response.end(answer);
      },
    );
    outgoing.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { record, port: server.address().port, stop: () => server.close() };
}

/** Answers recorded calls in the order of the record, each kind of call for itself. */
export function replayingServer(record, port) {
  const answers = new Map(
    Object.entries(record).map(([key, list]) => [
      key,
      list.map((answer) => ({ ...answer, body: Buffer.from(answer.body, 'base64') })),
    ]),
  );
  const server = createServer(async (request, response) => {
    if (request.url === '/_emulator/health') return response.end('{}');
    const key = keyOf(request, await bodyOf(request));
    const list = answers.get(key);
    if (list === undefined) {
      process.stderr.write(`not recorded: ${key}\n`);
      response.writeHead(500);
      return response.end();
    }
    const answer = list.length > 1 ? list.shift() : list[0];
    response.writeHead(answer.status, answer.headers);
    return response.end(answer.body);
  });
  server.listen(port, '127.0.0.1');
}
