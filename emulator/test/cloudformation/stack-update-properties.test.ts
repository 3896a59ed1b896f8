import fc from 'fast-check';
import type { Stack } from '../../src/cloudformation';
import { engine, queue } from './harness';

/** A resource of a random template: absent, or with properties and needs of its own. */
const resource = fc.option(
  fc.record({
    /** Changed in place. */
    delay: fc.nat(1),
    /** Changed by replacement. */
    name: fc.nat(1),
    needs: fc.array(fc.nat(9), { maxLength: 3 }),
    /** Whether its property refers to what it needs, which may be replaced. */
    refers: fc.boolean(),
  }),
);
const template = fc.array(resource, { minLength: 2, maxLength: 7 });
type Plan = typeof template extends fc.Arbitrary<infer P> ? P : never;

/** Needs go to earlier resources only, so that there is no cycle; the first resource is always there. */
function templateOf(plan: Plan): object {
  const resources: Record<string, object> = { R: queue() };
  plan.forEach((one, index) => {
    if (!one) return;
    const needs = [
      ...new Set(
        one.needs.map((need) => `R${need}`).filter((id) => id < `R${index}` && id in resources),
      ),
    ];
    const properties = {
      DelaySeconds: one.delay,
      QueueName: one.refers
        ? { 'Fn::Join': ['-', ['n', ...needs.map((id) => ({ Ref: id })), one.name]] }
        : `n${one.name}`,
    };
    resources[`R${index}`] = queue(properties, { DependsOn: needs });
  });
  return { Resources: resources };
}

function stateOf(stack: Stack) {
  return stack
    .resources()
    .map(({ logicalId, state, request }) => [logicalId, state?.physicalId, request?.properties])
    .sort();
}

const sorted = (live: ReadonlyMap<string, object>) => [...live].sort();

test('whatever changes, an update leaves exactly what the template says; a failed one exactly what was', async () => {
  await fc.assert(
    fc.asyncProperty(template, template, fc.nat(6), async (before, after, failing) => {
      const { create, update, remove, queues } = engine();
      const stack = await create(templateOf(before));
      const live = sorted(queues.live);
      const state = stateOf(stack);

      queues.failUpdate.set(`R${failing}`, ['no']);
      queues.failCreate.set(`R${failing}`, 'no');
      const failed = await update(templateOf(after)).then(
        () => false,
        () => true,
      );
      if (failed) {
        expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(sorted(queues.live)).toEqual(live);
        expect(stateOf(stack)).toEqual(state);
      }

      queues.failUpdate.clear();
      queues.failCreate.clear();
      await update(templateOf(after));
      expect(await update(templateOf(after))).toBeUndefined();
      // The same resources as those of a new stack, references and names apart.
      const other = engine();
      const fresh = await other.create(templateOf(after));
      const shape = (one: Stack) =>
        one
          .resources()
          .map(({ logicalId, request }) => [logicalId, request?.properties.DelaySeconds])
          .sort();
      expect(shape(stack)).toEqual(shape(fresh));
      expect(sorted(queues.live)).toEqual(
        stateOf(stack)
          .map(([, physicalId, properties]) => [physicalId, properties])
          .sort(),
      );

      await remove();
      expect(queues.live.size).toBe(0);
    }),
    { numRuns: 150, seed: 1 },
  );
});
