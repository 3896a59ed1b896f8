import { Agent, request } from 'node:http';

/** One connection for all questions, so that each takes a millisecond or two. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** What is read: the attributes of a bean, or of all beans that a name with `*` stands for. */
export interface BeanQuery {
  readonly mbean: string;
  readonly attribute: string | readonly string[];
}

/**
 * Asks Jolokia for several beans at once.
 *
 * @returns the value of each, as JSON; undefined for a bean that there is not
 * @throws Error if nothing answers.
 */
export async function readBeans(url: string, queries: readonly BeanQuery[]): Promise<unknown[]> {
  const body = JSON.stringify(queries.map((query) => ({ type: 'read', ...query })));
  const text = await post(`${url}/`, body);
  const answers: readonly { readonly status: number; readonly value?: unknown }[] =
    JSON.parse(text);
  return answers.map(({ status, value }) => (status === 200 ? value : undefined));
}

function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { agent, method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
        response.on('error', reject);
      },
    );
    call.on('socket', (socket) => socket.unref());
    call.on('error', reject);
    call.end(body);
  });
}
