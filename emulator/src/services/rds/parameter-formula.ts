import { invalidValue } from './errors';

const functions: Readonly<Record<string, (values: readonly number[]) => number>> = {
  LEAST: (values) => Math.min(...values),
  GREATEST: (values) => Math.max(...values),
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
};

/**
 * The value of a parameter written as a formula, such as `LEAST({DBInstanceClassMemory/9531392},5000)`.
 *
 * @param memory - bytes that `DBInstanceClassMemory` stands for
 * @throws ServiceError `InvalidParameterValue` for what is no formula.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html
 */
export function evaluateFormula(formula: string, memory: number): number {
  const tokens = formula.match(/[A-Za-z]+|\d+(?:\.\d+)?|[{}(),*/]/g) ?? [];
  let position = 0;
  const fail = () => invalidValue(`Invalid parameter value: ${formula}`);
  const next = () => tokens[position++];
  const expect = (token: string) => {
    if (next() !== token) throw fail();
  };

  const atom = (): number => {
    const token = next() ?? '';
    if (token === 'DBInstanceClassMemory') return memory;
    if (/^\d/.test(token)) return Number(token);
    throw fail();
  };
  const product = (): number => {
    let value = atom();
    while (tokens[position] === '*' || tokens[position] === '/')
      value = next() === '*' ? value * atom() : value / atom();
    return value;
  };
  const expression = (): number => {
    if (tokens[position] === '{') {
      next();
      const value = product();
      expect('}');
      return value;
    }
    const apply = functions[tokens[position] ?? ''];
    if (!apply) return atom();
    next();
    const values: number[] = [];
    do {
      next();
      values.push(expression());
    } while (tokens[position] === ',');
    expect(')');
    return apply(values);
  };

  if (tokens.join('') !== formula.replace(/\s+/g, '')) throw fail();
  const value = expression();
  if (position !== tokens.length || !Number.isFinite(value)) throw fail();
  return Math.floor(value);
}
