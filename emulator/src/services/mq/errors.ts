import { ServiceError } from '../../protocol/errors';

/** A value that Amazon MQ refuses. `attribute` is the member of the input that it names. */
export function badRequest(message: string, attribute?: string): ServiceError {
  return error('BadRequestException', message, attribute, 400);
}

/** There is no such broker, configuration or user. */
export function notFound(message: string, attribute?: string): ServiceError {
  return error('NotFoundException', message, attribute, 404);
}

/** There is one of that name already. */
export function conflict(message: string, attribute?: string): ServiceError {
  return error('ConflictException', message, attribute, 409);
}

function error(code: string, message: string, ErrorAttribute: string | undefined, status: number) {
  return new ServiceError(code, message, { status, members: { ErrorAttribute } });
}

/** The answer about a broker that there is not. */
export function brokerNotFound(id: string): ServiceError {
  return notFound(
    `Can't find requested broker [${id}]. Make sure your broker exists.`,
    'broker-id',
  );
}

/** The answer about a configuration that there is not. */
export function configurationNotFound(id: string): ServiceError {
  return notFound(
    `Can't find requested configuration [${id}]. Make sure your configuration exists.`,
    'configuration-id',
  );
}
