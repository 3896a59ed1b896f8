import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Respondent, TargetHandler, TargetRequest } from './target-hosts';

/** Why there is no answer from a target. */
export class NoAnswerError extends Error {
  constructor(readonly reason: 'refused' | 'timeout') {
    super(`No answer from the target: ${reason}`);
  }
}

/** An answer whose body is still to be read. */
export interface TargetAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Where a request goes, and who stands in for a recorded instance. */
export interface Destination {
  readonly instanceId: string;
  readonly respondent: Respondent;
  /** @default - a recorded instance takes every request, and answers 200 without a body */
  readonly handler: TargetHandler | undefined;
}

/**
 * Sends a request to a target.
 *
 * @param patience - real milliseconds without an answer: it guards real input and output
 * @throws NoAnswerError
 */
export async function send(
  { handler, instanceId, respondent }: Destination,
  request: TargetRequest,
  patience: number,
): Promise<TargetAnswer> {
  switch (respondent.kind) {
    case 'process':
      return sendOver(respondent.port, request, patience);
    case 'refuses':
      throw new NoAnswerError('refused');
    case 'silent':
      throw new NoAnswerError('timeout');
    case 'recorded': {
      const { body, ...rest } = request;
      const received = body ? await buffer(body) : Buffer.alloc(0);
      const answer = await handler?.({ ...rest, instanceId, body: received });
      const { status, headers = {}, body: content = '' } = answer ?? { status: 200 };
      return { status, headers, body: Readable.from([Buffer.from(content)]) };
    }
  }
}

function sendOver(port: number, request: TargetRequest, patience: number): Promise<TargetAnswer> {
  const { body, headers, method, path } = request;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, method, path, headers, agent: false, timeout: patience },
      (response) => {
        const { headers: answered, statusCode: status = 502 } = response;
        resolve({ status, headers: answered, body: response });
      },
    );
    outgoing.once('timeout', () => outgoing.destroy(new NoAnswerError('timeout')));
    outgoing.on('error', (error) =>
      reject(error instanceof NoAnswerError ? error : new NoAnswerError('refused')),
    );
    if (body) body.pipe(outgoing);
    else outgoing.end();
  });
}
