import { type DocumentPath, database, type Expression, type Operand } from './dynalite';
import type { AttributeValue, Item } from './item';

/** Holds for every item: no attribute has an empty name. */
export const always: Expression = {
  type: 'not',
  args: [{ type: 'function', name: 'attribute_exists', args: [['']] }],
};

/**
 * Whether an item meets a condition or a filter.
 *
 * All is dynalite's but what is equal: it takes no two lists or maps for that, and two missing attributes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function holds(expression: Expression, item: Item): boolean {
  const { args, type } = expression;
  const each = (operand: Operand): boolean => isExpression(operand) && holds(operand, item);
  switch (type) {
    case 'and':
      return args.every(each);
    case 'or':
      return args.some(each);
    case 'not':
      return !args.some(each);
    case '=':
    case '<>':
    case 'in': {
      if (args.some(isExpression)) return database().matchesExprFilter(item, expression);
      const [first, ...others] = args.map((operand) => operandValue(operand, item));
      const isEqual = others.some((other) => first && other && equal(first, other));
      return type === '<>' ? !isEqual : isEqual;
    }
    default:
      return database().matchesExprFilter(item, expression);
  }
}

/** Sets in any order, numbers by their value: they are kept in one form. */
function equal(a: AttributeValue, b: AttributeValue): boolean {
  if (a.M && b.M) {
    const [left, right] = [a.M, b.M];
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => sameOrAbsent(left[name], right[name]))
    );
  }
  if (a.L && b.L) {
    const [left, right] = [a.L, b.L];
    return left.length === right.length && left.every((value, i) => sameOrAbsent(value, right[i]));
  }
  return scalars.every((type) => sameScalar(a[type], b[type])) && !a.M === !b.M && !a.L === !b.L;
}

const scalars = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'NULL', 'BOOL'] as const;

function sameScalar(
  a: string | boolean | string[] | undefined,
  b: string | boolean | string[] | undefined,
): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((value) => b.includes(value));
}

function sameOrAbsent(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a && b ? equal(a, b) : a === b;
}

function operandValue(operand: Operand, item: Item): AttributeValue | undefined {
  if (isPath(operand)) return database().mapPath(operand, item) ?? undefined;
  return isExpression(operand) ? undefined : operand;
}

function isPath(operand: Operand): operand is DocumentPath {
  return Array.isArray(operand);
}

function isExpression(operand: Operand): operand is Expression {
  return !isPath(operand) && 'type' in operand;
}
