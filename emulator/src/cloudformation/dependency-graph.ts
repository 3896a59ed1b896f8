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
 * Visits every name once all that it needs have been visited, as many at a time as the graph allows.
 * After the first failure nothing more is started; those under way are waited for.
 *
 * @returns whether all were visited without failure.
 */
export async function visitInOrder(
  graph: Dependencies,
  visit: (name: string) => Promise<boolean>,
  options: { readonly continueAfterFailure?: boolean } = {},
): Promise<boolean> {
  const dependents = reversed(graph);
  const missing = new Map([...graph].map(([name, needs]) => [name, needs.size]));
  let succeeded = true;
  const run = async (name: string): Promise<void> => {
    if (!succeeded && !options.continueAfterFailure) return;
    if (!(await visit(name))) {
      succeeded = false;
      return;
    }
    await runAll(
      [...(dependents.get(name) ?? [])].filter((dependent) => {
        const left = (missing.get(dependent) ?? 0) - 1;
        missing.set(dependent, left);
        return left === 0;
      }),
    );
  };
  const runAll = async (names: readonly string[]): Promise<void> => {
    await Promise.all(names.map(run));
  };
  await runAll([...graph.keys()].filter((name) => missing.get(name) === 0));
  return succeeded;
}
