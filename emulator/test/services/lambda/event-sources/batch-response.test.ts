import { failedItems } from '../../../../src/services/lambda/event-sources/batch-response';

test.each<[answer: string, failed: string[] | 'all']>([
  ['null', []],
  ['""', []],
  ['{}', []],
  ['{"batchItemFailures":null}', []],
  ['{"batchItemFailures":[]}', []],
  ['{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['b']],
  ['{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}', ['a', 'b']],
  ['{"batchItemFailures":[{"itemIdentifier":""}]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":null}]}', 'all'],
  ['{"batchItemFailures":[{"id":"a"}]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":"unknown"}]}', 'all'],
  ['{"batchItemFailures":"a"}', 'all'],
  ['not json', 'all'],
  ['5', 'all'],
])('the answer %s fails %j', (answer, failed) => {
  const result = failedItems(answer, ['a', 'b']);
  expect(result === 'all' ? 'all' : [...result]).toEqual(failed);
});
