/** Settings with those of an update: what it does not mention stays as it is. */
export function merged<T extends object>(before: T, update: Partial<T> | undefined): T {
  const given = Object.entries(update ?? {}).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(given) };
}
