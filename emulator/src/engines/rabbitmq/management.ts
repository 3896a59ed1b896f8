import { request } from 'node:https';

/** Where a node's management API is, and as whom it is asked. */
export interface ManagementAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** PEM of the authority behind its certificate. */
  readonly authority: string;
}

/** What the management API answered. */
export interface ManagementAnswer {
  readonly status: number;
  readonly text: string;
}

/** Calls the management API of a node. @throws Error if it does not answer. */
export function callManagement(
  { authority, password, url, username }: ManagementAccess,
  method: 'DELETE' | 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<ManagementAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${url}${path}`,
      {
        method,
        agent: false,
        auth: `${username}:${password}`,
        ca: authority,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
