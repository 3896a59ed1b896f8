/** How many instances there are in each zone. */
export type ZoneCounts = ReadonlyMap<string, number>;

/** Counts what is in each of the zones; zones that are not named are left out. */
export function countByZone(
  zones: readonly string[],
  members: Iterable<{ readonly zone: string }>,
): Map<string, number> {
  const counts = new Map(zones.map((zone) => [zone, 0]));
  for (const { zone } of members) {
    const count = counts.get(zone);
    if (count !== undefined) counts.set(zone, count + 1);
  }
  return counts;
}

/** The zone with the fewest instances; the first of several in the order of the map. */
export function emptiestZone(counts: ZoneCounts): string | undefined {
  let found: [string, number] | undefined;
  for (const entry of counts) if (!found || entry[1] < found[1]) found = entry;
  return found?.[0];
}

/** The zones from the fullest to the emptiest. */
export function fullestZones(counts: ZoneCounts): string[] {
  return [...counts].sort(([, a], [, b]) => b - a).map(([zone]) => zone);
}

/** What has to move for a group to be balanced. */
export interface Imbalance {
  readonly from: string;
  readonly to: string;
}

/**
 * Where a group is out of balance: one zone has at least two instances more than another.
 *
 * @param usable - whether instances can be started in a zone
 * @param movable - whether an instance of a zone may be terminated
 */
export function imbalanceOf(
  counts: ZoneCounts,
  usable: (zone: string) => boolean,
  movable: (zone: string) => boolean,
): Imbalance | undefined {
  const to = emptiestZone(new Map([...counts].filter(([zone]) => usable(zone))));
  const from = fullestZones(counts).find(movable);
  if (to === undefined || from === undefined) return undefined;
  return (counts.get(from) ?? 0) - (counts.get(to) ?? 0) >= 2 ? { from, to } : undefined;
}
