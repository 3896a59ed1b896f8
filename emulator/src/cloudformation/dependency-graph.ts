/** Names, each with the names that it needs first. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/** The same graph with all edges turned: for deleting in reverse order. */
export function reversed(graph: Dependencies): Dependencies {
  const result = new Map<string, Set<string>>([...graph.keys()].map((name) => [name, new Set()]));
  for (const [name, needs] of graph) {
    for (const needed of needs) result.get(needed)?.add(name);
  }
  return result;
}

/** The graph between the given names only. */
export function among(names: ReadonlySet<string>, graph: Dependencies): Dependencies {
  const ordered = new Set([...[...graph.keys()].filter((name) => names.has(name)), ...names]);
  return new Map(
    [...ordered].map((name) => [
      name,
      new Set([...(graph.get(name) ?? [])].filter((needed) => names.has(needed))),
    ]),
  );
}

/** All names, each after those that it needs; names on a cycle are left out. */
export function inOrder(graph: Dependencies): string[] {
  const missing = new Map([...graph].map(([name, needs]) => [name, needs.size]));
  const dependents = reversed(graph);
  const result = [...graph.keys()].filter((name) => missing.get(name) === 0);
  for (const name of result) {
    for (const dependent of dependents.get(name) ?? []) {
      const left = (missing.get(dependent) ?? 0) - 1;
      missing.set(dependent, left);
      if (left === 0) result.push(dependent);
    }
  }
  return result;
}

/** All names that lie on a cycle, in the order of the graph; empty if there is none. */
export function findCycle(graph: Dependencies): string[] {
  return [...graph.keys()].filter((name) => reaches(graph, name, name));
}

function reaches(graph: Dependencies, start: string, goal: string): boolean {
  const seen = new Set<string>();
  const open = [...(graph.get(start) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === goal) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(graph.get(name) ?? []));
  }
  return false;
}

/**
 * Visits every name once all that it needs have been visited: in waves, each of all names that are ready,
 * started in the graph's order, so that it does not depend on how long one of them takes what follows.
 * After the first failure nothing more is started; those under way are waited for.
 *
 * @returns whether all were visited without failure.
 */
export async function visitInOrder(
  graph: Dependencies,
  visit: (name: string) => Promise<boolean>,
  options: { readonly continueAfterFailure?: boolean } = {},
): Promise<boolean> {
  const left = new Map([...graph].map(([name, needs]) => [name, new Set(needs)]));
  let succeeded = true;
  for (;;) {
    const wave = [...left].filter(([, needs]) => needs.size === 0).map(([name]) => name);
    if (wave.length === 0 || (!succeeded && !options.continueAfterFailure)) return succeeded;
    for (const name of wave) left.delete(name);
    await Promise.all(
      wave.map(async (name) => {
        if (!(await visit(name))) succeeded = false;
        else for (const needs of left.values()) needs.delete(name);
      }),
    );
  }
}
