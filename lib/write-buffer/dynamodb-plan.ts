import { toAttributeMap } from './attribute';
import { keyOf } from './dynamodb-key';
import type { DynamoDbSinkProps } from './dynamodb-sink-props';
import type { ItemPlan } from './mapping/settings';

/**
 * What the function is told to write. The props must be valid.
 */
export function itemPlanOf(props: DynamoDbSinkProps): ItemPlan {
  return {
    attributes: Object.entries(toAttributeMap(props.attributes)).map(([name, attribute]) =>
      attribute.render(name),
    ),
    key: keyOf(props).map(({ name }) => name),
    ...(props.versionAttribute === undefined ? {} : { version: props.versionAttribute }),
  };
}
