import { crc32 } from 'node:zlib';
import type { Clock } from '../clock/clock';
import type { Authorize } from '../iam/caller';
import type { Identities } from '../iam/identities';
import { withoutAwsChunks } from '../protocol/aws-chunked';
import { NotImplementedError, ServiceError } from '../protocol/errors';
import type { WireRequest, WireResponse } from '../protocol/message';
import { decompressed } from '../protocol/request-compression';
import { missingMembers } from '../protocol/required';
import { type ServiceModel, unknownService } from '../protocol/service-model';
import type { RandomSource, RandomStream } from '../random/random';
import type { Service } from '../services/service';
import { Call } from './call';
import { credentialScope } from './credential-scope';
import { expiredToken, wireError } from './failures';
import { type Route, Router } from './router';
import { type BoundOperation, ServiceEntry } from './service-entry';

/** The region of requests that do not name one. */
export const defaultRegion = 'us-east-1';

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly services: readonly Service[];
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly identities: Identities;
  readonly authorize: Authorize;
  /** Whether calls over loopback count as encrypted, or only those over TLS. @default 'loopback' */
  readonly secureTransport?: 'loopback' | 'tls';
}

/** Serves requests of every protocol: finds the operation, decodes, calls its handler, encodes. */
export class Dispatcher {
  private readonly router: Router;
  private readonly requestIds: RandomStream;

  constructor(private readonly options: DispatcherOptions) {
    this.router = new Router(options.services.map((service) => new ServiceEntry(service)));
    this.requestIds = options.random.stream('gateway/request-ids');
  }

  /** Answers a request; never rejects. */
  async handle(request: WireRequest): Promise<WireResponse> {
    const response = await this.answer(request);
    // https://www.rfc-editor.org/rfc/rfc9110#name-head
    return request.method === 'HEAD' ? { ...response, body: '' } : response;
  }

  private async answer(received: WireRequest): Promise<WireResponse> {
    const requestId = this.requestIds.uuid();
    const scope = credentialScope(received);
    const request = decompressed(received, scope.service);
    const route = this.router.route(request, scope);
    const { target } = route;
    if (target instanceof ServiceError) return this.fail(target, route, requestId);
    if (this.options.identities.hasExpired(scope.accessKeyId))
      return this.fail(expiredToken(target.entry.model.signingName), route, requestId);
    const call = new Call(
      target,
      request,
      requestId,
      this.options.identities.resolve(scope.accessKeyId),
      scope.region ?? defaultRegion,
      this.options.clock,
      this.options.authorize,
      this.options.secureTransport ?? 'loopback',
    );
    try {
      const response = await this.serve(target, route, request, call);
      return finish(response, target.entry.model, call);
    } catch (error) {
      return finish(this.fail(error, route, requestId), target.entry.model, call);
    }
  }

  private async serve(
    bound: BoundOperation,
    route: Route,
    request: WireRequest,
    call: Call,
  ): Promise<WireResponse> {
    const { operation, handler } = bound;
    const { model } = bound.entry;
    if (!handler) throw new NotImplementedError(bound.label);
    const input = route.protocol.decode(operation, withoutAwsChunks(request), model);
    const missing = missingMembers(operation.input, input);
    if (missing.length > 0) {
      const { code, message, queryCode } = model.missing(missing, operation.input);
      throw new ServiceError(code, message, { queryCode });
    }
    const output = await handler(input, call);
    return route.protocol.encode(operation, Object(output), model, call.requestId);
  }

  private fail(thrown: unknown, route: Route, requestId: string): WireResponse {
    const error = wireError(thrown, route.entry?.catalog, (defect) => {
      const text = String(Object(defect).stack ?? defect);
      process.stderr.write(`cdk-decouple-emulator: request ${requestId} failed: ${text}\n`);
    });
    return route.protocol.encodeError(error, route.entry?.model ?? unknownService, requestId);
  }
}

/** A body that is yet to flow is part of the call: its work ends when the last of it has been read. */
function finish(response: WireResponse, model: ServiceModel, call: Call): WireResponse {
  const { body } = response;
  if (typeof body !== 'string' && !(body instanceof Uint8Array))
    return { ...response, body: endingWith(body, call) };
  call.end();
  if (!model.checksum) return response;
  return {
    ...response,
    headers: { ...response.headers, 'x-amz-crc32': String(crc32(body)) },
  };
}

async function* endingWith(
  body: AsyncIterable<Uint8Array>,
  call: Call,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    call.end();
  }
}
