import { NormalizedSchema } from '@smithy/core/schema';
import type { ResourceProperties, TemplateValue } from '../../cloudformation/provider';
import { type Shape, shapeOf } from '../../protocol/shape';
import type { CreateInput, FirehoseApi } from './api';

/**
 * The properties of a delivery stream in a template as CreateDeliveryStream takes them: they have the same names, only that
 * numbers and booleans may be written as strings. The published schema has been checked before.
 */
export function inputOfTemplate(properties: ResourceProperties, client: FirehoseApi): CreateInput {
  const shape = shapeOf(NormalizedSchema.of(client.CreateDeliveryStreamInput$));
  // What the schema of the operation describes is what the type of its input says.
  return JSON.parse(JSON.stringify(coerced(shape, properties)));
}

function coerced(shape: Shape, value: TemplateValue): TemplateValue {
  if (Array.isArray(value)) return value.map((item) => coerced(shape.value.shape, item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== null)
        .map(([name, item]) => [name, coerced(memberShape(shape, name), item)]),
    );
  switch (shape.kind) {
    case 'number':
      return Number(value);
    case 'boolean':
      return value === true || value === 'true';
    case 'string':
      return String(value);
    default:
      return value;
  }
}

function memberShape(shape: Shape, name: string): Shape {
  if (shape.kind === 'map') return shape.value.shape;
  const member = shape.members.get(name);
  if (!member) throw new TypeError(`${shape.name} has no member ${name}`);
  return member.shape;
}
