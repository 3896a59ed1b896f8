import fc from 'fast-check';
import { TemplateRejectedError } from '../../src/cloudformation';
import { account, chain, engine, failure, queue, region } from './harness';

describe('creating a stack', () => {
  test('resources are created after what they need', async () => {
    const { create, queues } = engine();
    const stack = await create(chain);
    expect(queues.created.map(({ logicalId }) => logicalId)).toEqual(['A', 'D', 'B', 'C']);
    expect(queues.properties('B')).toEqual({ QueueName: 'after-A' });
    expect(stack.status).toBe('CREATE_COMPLETE');
  });

  test('resources that need nothing of each other are created at once', async () => {
    const { create, queues } = engine();
    let open: () => void = () => undefined;
    queues.gates.set(
      'A',
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    const stack = create(chain);
    await new Promise(setImmediate);
    expect(queues.created.map(({ logicalId }) => logicalId)).toEqual(['A', 'D']);
    open();
    expect((await stack).resources()).toHaveLength(4);
  });

  test('the manual clock does not move before it is done', async () => {
    const { create, clock, queues } = engine();
    let open: () => void = () => undefined;
    queues.gates.set(
      'A',
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    const stack = create(chain);
    const advanced = clock.advance(60_000);
    await new Promise(setImmediate);
    expect(clock.now()).toBe(Date.UTC(2035, 0, 1));
    open();
    expect((await stack).creationTime).toBe(Date.UTC(2035, 0, 1));
    await advanced;
  });

  test('a failure cancels the rest, removes what was made in reverse order, and is named', async () => {
    const { create, queues, cloudFormation } = engine();
    queues.failCreate.set('C', 'no more queues');
    const { A, B, C } = chain.Resources;
    const error = await failure(
      create({ Resources: { E: queue({}, { DependsOn: 'C' }), C, B, A } }),
    );
    expect(error.message).toBe(
      'Stack Test failed to create and is now ROLLBACK_COMPLETE:\n  C (AWS::SQS::Queue): no more queues',
    );
    expect(queues.deleted.map(({ logicalId }) => logicalId)).toEqual(['B', 'A']);
    const events = [...cloudFormation.events('Test', account, region)].reverse();
    const lines = events.map(
      ({ logicalResourceId: id, resourceStatus: status, resourceStatusReason: reason }) =>
        [id, status, reason].filter(Boolean).join(' '),
    );
    expect(lines).toEqual([
      'Test CREATE_IN_PROGRESS User Initiated',
      'A CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS Resource creation Initiated',
      'A CREATE_COMPLETE',
      'B CREATE_IN_PROGRESS',
      'B CREATE_IN_PROGRESS Resource creation Initiated',
      'B CREATE_COMPLETE',
      'C CREATE_IN_PROGRESS',
      'C CREATE_FAILED no more queues',
      'Test ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [C]. Rollback requested by user.',
      'B DELETE_IN_PROGRESS',
      'B DELETE_COMPLETE',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      'Test ROLLBACK_COMPLETE',
    ]);
  });

  test('what is under way when another resource fails is cancelled and removed', async () => {
    const { create, queues } = engine();
    queues.failCreate.set('D', 'quota');
    let open: () => void = () => undefined;
    queues.gates.set(
      'A',
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    const failed = failure(create(chain));
    await new Promise(setImmediate);
    open();
    const { failedStack, failures } = await failed;
    expect(failures).toEqual([{ logicalId: 'D', type: 'AWS::SQS::Queue', reason: 'quota' }]);
    expect(
      failedStack.events().filter((one) => one.resourceStatus === 'CREATE_FAILED'),
    ).toMatchObject([
      { logicalResourceId: 'D', resourceStatusReason: 'quota' },
      { logicalResourceId: 'A', resourceStatusReason: 'Resource creation cancelled' },
    ]);
    expect(queues.deleted.map(({ logicalId }) => logicalId)).toEqual(['A']);
    expect(queues.created.map(({ logicalId }) => logicalId)).toEqual(['A', 'D']);
  });

  test.each([
    ['ROLLBACK', 'ROLLBACK_COMPLETE', 3],
    ['DELETE', 'DELETE_COMPLETE', 3],
    ['DO_NOTHING', 'CREATE_FAILED', 0],
  ] as const)('on failure %s leaves it %s', async (onFailure, status, deletions) => {
    const { create, queues } = engine();
    queues.failCreate.set('C', 'no');
    const { failedStack } = await failure(create(chain, { onFailure }));
    expect(failedStack.status).toBe(status);
    expect(queues.deleted).toHaveLength(deletions);
  });

  test('fails when there is a stack of that name', async () => {
    const { create } = engine();
    await create(chain);
    await expect(create(chain)).rejects.toMatchObject({
      code: 'AlreadyExistsException',
      message: 'Stack [Test] already exists',
    });
  });

  test('accounts and regions do not see each other', async () => {
    const { create, cloudFormation } = engine();
    await create(chain);
    await create(chain, { region: 'eu-west-1' });
    await create(chain, { account: '111111111111' });
    expect(cloudFormation.stacks().map(({ id }) => id.split('/')[0])).toEqual([
      'arn:aws:cloudformation:us-east-1:000000000000:stack',
      'arn:aws:cloudformation:eu-west-1:000000000000:stack',
      'arn:aws:cloudformation:us-east-1:111111111111:stack',
    ]);
  });

  test('the same calls give the same names, ids and events', async () => {
    const run = async () => {
      const { create, queues } = engine();
      const stack = await create(chain);
      return [stack.id, stack.events(), queues.created.map((one) => one.generateName(80))];
    };
    expect(await run()).toEqual(await run());
  });

  test.each([80, 64, 32, 20])('generated names fit into %d characters', async (length) => {
    const { create, queues } = engine();
    await create(
      { Resources: { AQuiteLongLogicalId4A7E3555: queue() } },
      { name: 'A-stack-with-a-long-name' },
    );
    const name = queues.created[0]?.generateName(length) ?? '';
    expect(name).toMatch(/^A-[\w-]*-A[A-Za-z0-9]*-[A-Za-z0-9]{12}$/);
    expect(name.length).toBeLessThanOrEqual(length);
  });

  test.each([
    [undefined, true],
    [['CAPABILITY_IAM'], true],
    [['CAPABILITY_NAMED_IAM'], true],
    [[], false],
  ])('with capabilities %j a role is made: %s', async (capabilities, allowed) => {
    const { create } = engine();
    const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
    const stack = create({ Resources: { Role: role } }, { capabilities });
    if (allowed) expect((await stack).status).toBe('CREATE_COMPLETE');
    else await expect(stack).rejects.toThrow('Requires capabilities : [CAPABILITY_IAM]');
  });
});

test('whatever the dependencies, each resource is made after and deleted before what it needs', async () => {
  const graph = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(graph, async (edges) => {
      const needs = edges.map((targets, index) =>
        index === 0 ? [] : [...new Set(targets.map((target) => target % index))],
      );
      const resources = needs.map((ids, index) => [
        `R${index}`,
        queue({}, { DependsOn: ids.map((id) => `R${id}`) }),
      ]);
      const { create, remove, queues } = engine();
      await create({ Resources: Object.fromEntries(resources.reverse()) });
      await remove();
      const made = queues.created.map(({ logicalId }) => logicalId);
      const gone = queues.deleted.map(({ logicalId }) => logicalId);
      expect([...made].sort()).toEqual([...gone].sort());
      needs.forEach((ids, index) => {
        for (const id of ids) {
          expect(made.indexOf(`R${id}`)).toBeLessThan(made.indexOf(`R${index}`));
          expect(gone.indexOf(`R${id}`)).toBeGreaterThan(gone.indexOf(`R${index}`));
        }
      });
    }),
    { numRuns: 50, seed: 1 },
  );
});

test('a rejected template leaves no stack behind', async () => {
  const { create, cloudFormation } = engine();
  await expect(create({ Resources: { X: { Type: 'AWS::Nope::Nope' } } })).rejects.toThrow(
    TemplateRejectedError,
  );
  expect(cloudFormation.stacks()).toEqual([]);
});
