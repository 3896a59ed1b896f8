/**
 * Which messages of a batch a function reports as failed.
 *
 * An answer that makes no sense fails all of them; an empty one none.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @param payload - the function's answer, JSON
 * @param messageIds - of the batch
 * @returns the failed ids, or `all`
 */
export function failedItems(
  payload: string,
  messageIds: readonly string[],
): ReadonlySet<string> | 'all' {
  const answer = parse(payload);
  if (answer === null || answer === '') return new Set();
  if (typeof answer !== 'object') return 'all';
  if (!('batchItemFailures' in answer) || answer.batchItemFailures === null) return new Set();
  const { batchItemFailures } = answer;
  if (!Array.isArray(batchItemFailures)) return 'all';
  const failed = new Set<string>();
  for (const failure of batchItemFailures) {
    const id = identifierOf(failure);
    if (id === undefined || !messageIds.includes(id)) return 'all';
    failed.add(id);
  }
  return failed;
}

function identifierOf(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null || !('itemIdentifier' in failure))
    return undefined;
  const { itemIdentifier } = failure;
  return typeof itemIdentifier === 'string' && itemIdentifier !== '' ? itemIdentifier : undefined;
}

/** Undefined is no JSON value: it stands for text that is none. */
function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
