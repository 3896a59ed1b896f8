import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import { type Operation, type Shape, shapeOf } from './shape';

/** An error that a service's model knows. */
export interface ModelledError {
  /** Such as `com.amazonaws.sqs#QueueDoesNotExist`. */
  readonly shapeId: string;
  readonly shape: Shape;
  readonly fault: 'Sender' | 'Receiver';
  readonly status: number | undefined;
  /** Code in the query protocol. */
  readonly queryCode: string;
}

/** The operations and errors of a service, from the schemas that its SDK client module exports. */
export class Catalog {
  readonly operations: ReadonlyMap<string, Operation>;
  private readonly errors = new Map<string, ModelledError>();
  private readonly errorsByQueryCode = new Map<string, ModelledError>();

  constructor(client: object) {
    const operations = new Map<string, Operation>();
    for (const [exportName, value] of Object.entries(client)) {
      if (!exportName.endsWith('$') || !Array.isArray(value)) continue;
      if (isOperationSchema(value)) operations.set(value[2], operationOf(value));
      else if (isErrorSchema(value)) this.addError(value);
    }
    this.operations = operations;
  }

  /** The error of that shape name or query code. */
  error(code: string): ModelledError | undefined {
    return this.errors.get(code) ?? this.errorsByQueryCode.get(code);
  }

  private addError(schema: StaticErrorSchema): void {
    const [, namespace, name] = schema;
    const shape = shapeOf(NormalizedSchema.of(schema));
    const { traits } = shape;
    const query = Array.isArray(traits.awsQueryError) ? traits.awsQueryError : [];
    const status = [traits.httpError, query[1]].find((value) => typeof value === 'number');
    const error: ModelledError = {
      shapeId: `${namespace}#${name}`,
      shape,
      fault: traits.error === 'server' ? 'Receiver' : 'Sender',
      status,
      queryCode: typeof query[0] === 'string' ? query[0] : name,
    };
    this.errors.set(name, error);
    this.errorsByQueryCode.set(error.queryCode, error);
  }
}

function operationOf(schema: StaticOperationSchema): Operation {
  const [, , name, , input, output] = schema;
  return {
    name,
    input: shapeOf(NormalizedSchema.of(input)),
    output: shapeOf(NormalizedSchema.of(output)),
    traits: NormalizedSchema.of(schema).getMergedTraits(),
    schema,
  };
}

function isOperationSchema(value: readonly unknown[]): value is StaticOperationSchema {
  return value[0] === 9;
}

function isErrorSchema(value: readonly unknown[]): value is StaticErrorSchema {
  return value[0] === -3;
}
