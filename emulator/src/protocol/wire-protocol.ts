import type { ModelledError } from './catalog';
import type { WireRequest, WireResponse } from './message';
import type { ServiceModel } from './service-model';
import type { Operation } from './shape';

/** An error on its way to the caller, with all that its service's model says of it. */
export interface WireError {
  readonly code: string;
  readonly queryCode: string;
  readonly message: string;
  readonly queryMessage: string;
  readonly status: number;
  readonly fault: 'Sender' | 'Receiver';
  readonly modelled: ModelledError | undefined;
  readonly members: Readonly<Record<string, unknown>>;
}

/** One of AWS's wire protocols, seen from the server. */
export interface WireProtocol {
  /** @throws ServiceError if the request is malformed. */
  decode(operation: Operation, request: WireRequest, service: ServiceModel): object;
  /** @throws TypeError if the output has members that its schema lacks. */
  encode(
    operation: Operation,
    output: object,
    service: ServiceModel,
    requestId: string,
  ): WireResponse;
  encodeError(error: WireError, service: ServiceModel, requestId: string): WireResponse;
}
