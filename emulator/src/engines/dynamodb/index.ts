export {
  type AttributeDefinition,
  type CapacityUnits,
  type IndexSchema,
  type KeySchemaElement,
  type PreparedRequest,
  prepareTable,
  type SearchCapacity,
  type TableSchema,
} from './dynalite';
export { type AttributeValue, type Item, itemBytes, maxItemBytes } from './item';
export {
  type ItemChange,
  indexesOf,
  prepareItemRequest,
  TableItems,
  type WriteAction,
  type Written,
} from './table-items';
