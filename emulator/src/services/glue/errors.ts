import { ServiceError } from '../../protocol/errors';

export function databaseNotFound(name: string): ServiceError {
  return new ServiceError('EntityNotFoundException', `Database ${name} not found.`);
}

/** Of a table, or of a version of one: the Data Catalog does not say which. */
export function entityNotFound(): ServiceError {
  return new ServiceError('EntityNotFoundException', 'Entity Not Found');
}

export function alreadyExists(what: 'Database' | 'Table'): ServiceError {
  return new ServiceError('AlreadyExistsException', `${what} already exists.`);
}

export function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message);
}

/** The answer to an update of a version that is no longer the table's last. */
export function concurrentModification(): ServiceError {
  return new ServiceError(
    'ConcurrentModificationException',
    'Update table failed due to concurrent modifications.',
  );
}
