/** How often another index is begun. */
export type IndexRotation = 'NoRotation' | 'OneDay' | 'OneHour' | 'OneMonth' | 'OneWeek';

export const indexRotations: readonly IndexRotation[] = [
  'NoRotation',
  'OneHour',
  'OneDay',
  'OneWeek',
  'OneMonth',
];

const day = 24 * 60 * 60 * 1000;

/**
 * The index that a document goes to.
 *
 * @param arrival - of the document: emulated milliseconds since the epoch
 * @see https://docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html
 */
export function rotatedIndex(name: string, rotation: IndexRotation, arrival: number): string {
  const time = new Date(arrival).toISOString();
  switch (rotation) {
    case 'NoRotation':
      return name;
    case 'OneHour':
      return `${name}-${time.slice(0, 10)}-${time.slice(11, 13)}`;
    case 'OneDay':
      return `${name}-${time.slice(0, 10)}`;
    case 'OneWeek':
      return `${name}-${weekOf(arrival)}`;
    case 'OneMonth':
      return `${name}-${time.slice(0, 7)}`;
  }
}

/** A week goes from Sunday to Saturday, and belongs to the year of its Saturday, of which the first is in week 1. */
function weekOf(arrival: number): string {
  const saturday = new Date(arrival + (6 - new Date(arrival).getUTCDay()) * day);
  const year = saturday.getUTCFullYear();
  const days = Math.floor((saturday.getTime() - Date.UTC(year, 0, 1)) / day);
  return `${year}-w${String(Math.floor(days / 7) + 1).padStart(2, '0')}`;
}
