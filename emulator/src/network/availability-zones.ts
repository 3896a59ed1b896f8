/** A part of a region. */
export interface AvailabilityZone {
  /** Such as `eu-west-1a`. */
  readonly name: string;
  /** The same place under a name that does not depend on the account, such as `euw1-az1`. */
  readonly id: string;
}

/**
 * The availability zones of a region, whatever its name: three, as `Fn::GetAZs` and EC2 list them.
 *
 * On AWS accounts see a region's zones in an order of their own; here every account sees the same.
 *
 * @see https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
 */
export function availabilityZones(region: string): AvailabilityZone[] {
  return ['a', 'b', 'c'].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${shortName(region)}-az${index + 1}`,
  }));
}

const directions = /north|south|east|west|central/g;

/** `us-gov-west-1` is `usgw1`: all of the first part, the initials of the others. */
function shortName(region: string): string {
  const [first = '', ...rest] = region.split('-');
  return (
    first + rest.flatMap((part) => part.match(directions)?.map(initial) ?? initial(part)).join('')
  );
}

function initial(word: string): string {
  return word.charAt(0);
}
