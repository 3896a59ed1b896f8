import { isKnown } from '../validation';

/** An expression in a prefix: its namespace, and its value. */
const EXPRESSION = /!\{([^:{}]*):([^{}]*)\}/g;
const NAMESPACES = ['timestamp', 'firehose', 'partitionKeyFromQuery', 'partitionKeyFromLambda'];
/** Of a prefix once its expressions are evaluated: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html */
const LONGEST = 512;
const ERROR_OUTPUT_TYPE = 'error-output-type';

/** Where the keys of a partition come from, as prefixes name it. */
export type PartitionNamespace = 'partitionKeyFromQuery' | 'partitionKeyFromLambda';

interface Expression {
  readonly namespace: string;
  readonly value: string;
}

function expressionsIn(prefix: string): Expression[] {
  return [...prefix.matchAll(EXPRESSION)].map(([, namespace = '', value = '']) => ({
    namespace,
    value,
  }));
}

/** The keys of a namespace that a prefix names; none where the prefix is only known at deployment. */
export function partitionKeysIn(
  prefix: string | undefined,
  namespace: PartitionNamespace,
): readonly string[] {
  return isKnown(prefix)
    ? expressionsIn(prefix).flatMap((found) => (found.namespace === namespace ? found.value : []))
    : [];
}

/**
 * What is wrong with a prefix; undefined if nothing is, or if it is only known at deployment.
 *
 * @param partitioned - whether it may name keys of a partition
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function prefixFailure(
  name: string,
  prefix: string | undefined,
  partitioned = false,
): string | undefined {
  if (!isKnown(prefix)) return undefined;
  const expressions = expressionsIn(prefix);
  if (expressions.some(({ value }) => value === ERROR_OUTPUT_TYPE)) {
    return `${name} must not have !{firehose:error-output-type}, which is for the error prefix, got '${prefix}'`;
  }
  if (!partitioned && expressions.some(isOfPartition)) {
    return `${name} names keys of a partition: set partitioning, got '${prefix}'`;
  }
  return syntaxFailure(name, prefix, expressions);
}

/** What is wrong with an error prefix; undefined if nothing is, or if it is only known at deployment. */
export function errorPrefixFailure(name: string, prefix: string | undefined): string | undefined {
  if (!isKnown(prefix)) return undefined;
  const expressions = expressionsIn(prefix);
  if (expressions.some(isOfPartition)) {
    return `${name} cannot name keys of a partition: what failed may have none, got '${prefix}'`;
  }
  if (prefix.includes('!{') && !expressions.some(({ value }) => value === ERROR_OUTPUT_TYPE)) {
    return `${name} with expressions must have !{firehose:error-output-type} among them, got '${prefix}'`;
  }
  return syntaxFailure(name, prefix, expressions);
}

function isOfPartition({ namespace }: Expression): boolean {
  return namespace.startsWith('partitionKeyFrom');
}

function syntaxFailure(
  name: string,
  prefix: string,
  expressions: readonly Expression[],
): string | undefined {
  const text = prefix.replace(EXPRESSION, '');
  if (text.includes('!{')) {
    return `${name} has an expression that is not of the form !{namespace:value}, got '${prefix}'`;
  }
  const foreign = expressions.find(({ namespace }) => !NAMESPACES.includes(namespace));
  if (foreign !== undefined) {
    return `${name} must only use the namespaces ${NAMESPACES.join(', ')}, got '${foreign.namespace}'`;
  }
  const unknown = expressions.find(
    ({ namespace, value }) =>
      namespace === 'firehose' && value !== 'random-string' && value !== ERROR_OUTPUT_TYPE,
  );
  if (unknown !== undefined) {
    return `${name}: firehose has random-string and error-output-type, got '${unknown.value}'`;
  }
  return text.length > LONGEST
    ? `${name} must not be longer than ${LONGEST} characters once evaluated, got ${text.length} without its expressions`
    : undefined;
}
