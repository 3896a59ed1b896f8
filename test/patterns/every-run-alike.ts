import { Shop, type ShopOptions } from './shop';

/** How often each pattern is run: twice in the usual test run, 20 times by `npm run test:repeat`. */
const runs = Number(process.env.PATTERN_RUNS ?? 2);

/** Real time that one run may take on a loaded machine. */
const patience = 60_000;

/** What a pattern runs on. */
export interface Surroundings {
  /** A digest of the whole journal: equal for runs that went the same way. */
  journalDigest(): string;
  close(): Promise<void>;
}

/**
 * A test of a pattern on surroundings of its own, repeated: besides what it expects, every run has to leave
 * the same journal, hop by hop.
 */
export function sameJournalEveryRun<T extends Surroundings>(
  name: string,
  open: () => Promise<T>,
  run: (surroundings: T) => Promise<void>,
): void {
  test(
    name,
    async () => {
      const digests = new Set<string>();
      for (let i = 0; i < runs; i++) {
        const surroundings = await open();
        try {
          await run(surroundings);
          digests.add(surroundings.journalDigest());
        } finally {
          await surroundings.close();
        }
      }
      expect(digests.size).toBe(1);
    },
    runs * patience,
  );
}

/** {@link sameJournalEveryRun} on a shop. */
export function everyRunAlike(
  name: string,
  options: ShopOptions,
  run: (shop: Shop) => Promise<void>,
): void {
  sameJournalEveryRun(name, () => Shop.open(options), run);
}

/** {@link everyRunAlike} with each of the stores that the shipped sinks write to. */
export function onEveryStore(
  name: string,
  options: ShopOptions,
  run: (shop: Shop) => Promise<void>,
): void {
  for (const store of ['postgres', 'dynamodb'] as const) {
    everyRunAlike(`${name}: ${store}`, { ...options, store }, run);
  }
}
