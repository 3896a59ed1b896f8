import { ServiceError } from '../../protocol/errors';

/** A request that can never be carried out. */
export function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** {@link validation} with what DynamoDB puts before most of its messages. */
export function invalidParameter(message: string): ServiceError {
  return validation(`One or more parameter values were invalid: ${message}`);
}

/** A table that is not there, for operations on tables. */
export function tableNotFound(name: string): ServiceError {
  return notFound(`Requested resource not found: Table: ${name} not found`);
}

/** Anything that is not there. */
export function notFound(message = 'Requested resource not found'): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

/** A table, or one of its indexes, that is on its way from one state to another. */
export function inUse(what: string): ServiceError {
  return new ServiceError(
    'ResourceInUseException',
    `Attempt to change a resource which is still in use: ${what}`,
  );
}

/** CreateTable with a name that is taken. */
export function tableExists(name: string): ServiceError {
  return new ServiceError('ResourceInUseException', `Table already exists: ${name}`);
}

/** More at a time than DynamoDB does. */
export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

/** The condition of a write does not hold; with the item, if the request asks for it. */
export function conditionFailed(item: object | undefined): ServiceError {
  return new ServiceError('ConditionalCheckFailedException', 'The conditional request failed', {
    members: { Item: item },
  });
}

/** More reads or writes than a table or an index has capacity for. */
export function throughputExceeded(arn: string, kind: 'Read' | 'Write'): ServiceError {
  return new ServiceError(
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    {
      members: {
        ThrottlingReasons: [{ reason: `Table${kind}ProvisionedThroughputExceeded`, resource: arn }],
      },
    },
  );
}
