import { decide, type TreatMissingData } from '../../../src/services/cloudwatch/missing-data';

type Expected = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK' | undefined;

const treatments: readonly TreatMissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** Datapoints as AWS's tables write them, the latest last: 0 is not breaching, X is, - is missing. */
function pointsOf(text: string) {
  return text
    .split(' ')
    .reverse()
    .map((letter, age) => ({ letter, age, breaching: letter === 'X' }))
    .filter(({ letter }) => letter !== '-');
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
const documented: [number, string, Expected, Expected, Expected, Expected][] = [
  // Three out of three.
  [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  [3, '0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - -', 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
  [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [3, '- - X - -', 'ALARM', undefined, 'ALARM', 'OK'],
  // Two out of three.
  [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - X -', 'ALARM', undefined, 'ALARM', 'OK'],
];

test.each(documented)('%i of 3 datapoints %s is as AWS documents', (M, text, ...expected) => {
  const found = treatments.map(
    (treatMissingData) =>
      decide({ evaluationPeriods: 3, datapointsToAlarm: M, treatMissingData }, pointsOf(text))
        .state,
  );
  expect(found).toEqual(expected);
});

test.each(['- - - - X', '- - - X -'])(
  '3 of 3 datapoints %s is too early for an alarm: it stays as it is',
  (text) => {
    for (const treatMissingData of ['missing', 'ignore'] as const)
      expect(
        decide({ evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData }, pointsOf(text))
          .state,
      ).toBeUndefined();
  },
);
