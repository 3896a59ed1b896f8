import { Stack, Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { DynamoDbSinkProps } from './dynamodb-sink-props';

/** An attribute of a table's key. */
export interface KeyAttribute {
  readonly name: string;
  /** Undefined for an imported table. */
  readonly type?: string;
}

/** A table's key, its partition key first. */
export type TableKey = readonly KeyAttribute[];

/**
 * The key of a table that was made in this app; undefined for others.
 */
export function keyOfTable(table: dynamodb.ITable): TableKey | undefined {
  const resource = table.node.defaultChild;
  if (!(resource instanceof dynamodb.CfnTable || resource instanceof dynamodb.CfnGlobalTable)) {
    return undefined;
  }
  const stack = Stack.of(table);
  const schema = objectsIn(stack.resolve(resource.keySchema));
  const definitions = objectsIn(stack.resolve(resource.attributeDefinitions));
  return ['HASH', 'RANGE'].flatMap((keyType) =>
    schema
      .filter((element) => element.keyType === keyType)
      .map(({ attributeName: name = '' }) => ({
        name,
        type: definitions.find(({ attributeName }) => attributeName === name)?.attributeType,
      })),
  );
}

/**
 * The key that items are told apart by: what the props say, else that of the table.
 */
export function keyOf({ partitionKey, sortKey, table }: DynamoDbSinkProps): TableKey {
  const known = keyOfTable(table);
  if (partitionKey === undefined) {
    return known ?? [];
  }
  return [partitionKey, ...(sortKey === undefined ? [] : [sortKey])].map((name) => ({
    name,
    type: known?.find((attribute) => attribute.name === name)?.type,
  }));
}

type SchemaElement = Readonly<
  Partial<Record<'attributeName' | 'attributeType' | 'keyType', string>>
>;

function objectsIn(value: unknown): SchemaElement[] {
  return Array.isArray(value) ? value.filter((item) => !Token.isUnresolved(item)) : [];
}
