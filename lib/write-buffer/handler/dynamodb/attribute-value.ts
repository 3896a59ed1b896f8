import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { elementsOf, membersOf } from '../../../json/json-text';

/**
 * A JSON value as DynamoDB's types have it: objects as maps, arrays as lists, null as NULL. Numbers keep the digits that they
 * are written with.
 *
 * @param json must be valid JSON without space around it
 */
export function attributeValueOf(json: string): AttributeValue {
  switch (json[0]) {
    case '"':
      return { S: String(JSON.parse(json)) };
    case '{':
      return {
        M: Object.fromEntries(
          [...membersOf(json)].map(([name, value]) => [name, attributeValueOf(value)] as const),
        ),
      };
    case '[':
      return { L: [...elementsOf(json)].map(attributeValueOf) };
    case 't':
      return { BOOL: true };
    case 'f':
      return { BOOL: false };
    case 'n':
      return { NULL: true };
    default:
      return { N: json };
  }
}
