import { engine, failure, holder, linesOf, queue } from './harness';

const kept = (policy: string, properties: object = {}) =>
  queue(properties, { DeletionPolicy: policy });

/** The deleted, by logical id. */
function deletedBy({ queues }: ReturnType<typeof engine>): string[] {
  return queues.deleted.map(({ logicalId }) => logicalId).sort();
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
describe('what a deletion policy keeps', () => {
  const three = {
    Deleted: kept('Delete'),
    Retained: kept('Retain'),
    Except: kept('RetainExceptOnCreate'),
  };
  const bad = queue({}, { DependsOn: Object.keys(three) });

  test('when the stack is deleted', async () => {
    const setup = engine();
    const stack = await setup.create({ Resources: three });
    await setup.remove();
    expect(deletedBy(setup)).toEqual(['Deleted']);
    expect(stack.resource('Retained')?.status).toBe('DELETE_SKIPPED');
    expect(stack.resource('Except')?.status).toBe('DELETE_SKIPPED');
    expect(stack.status).toBe('DELETE_COMPLETE');
  });

  test('when its creation is rolled back', async () => {
    const setup = engine();
    setup.queues.failCreate.set('Bad', 'no');
    const { failedStack } = await failure(setup.create({ Resources: { ...three, Bad: bad } }));
    expect(failedStack.status).toBe('ROLLBACK_COMPLETE');
    expect(deletedBy(setup)).toEqual(['Deleted', 'Except']);
    expect(failedStack.resource('Retained')?.status).toBe('DELETE_SKIPPED');
  });

  test('when an update that made it is rolled back', async () => {
    const setup = engine();
    const stack = await setup.create({ Resources: { First: queue() } });
    setup.queues.failCreate.set('Bad', 'no');
    await failure(setup.update({ Resources: { First: queue(), ...three, Bad: bad } }));
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(deletedBy(setup)).toEqual(['Deleted', 'Except']);
    expect(stack.resources().map(({ logicalId }) => logicalId)).toEqual(['First']);
  });

  test('when an update takes it out of the template: its own, as it was before', async () => {
    const setup = engine();
    const stack = await setup.create({ Resources: { ...three, Last: queue() } });
    await setup.update({ Resources: { Last: queue() } });
    expect(deletedBy(setup)).toEqual(['Deleted']);
    expect(linesOf(stack).filter((line) => /SKIPPED/.test(line))).toEqual([
      'Retained DELETE_SKIPPED',
      'Except DELETE_SKIPPED',
    ]);
    expect(setup.queues.live.size).toBe(3);
  });
});

describe('what is replaced', () => {
  test.each([
    ['Delete', 1],
    ['Retain', 2],
  ])('goes or stays with UpdateReplacePolicy %s', async (policy, left) => {
    const { create, queues, update } = engine();
    const named = (QueueName: string) => ({
      Resources: { A: queue({ QueueName }, { UpdateReplacePolicy: policy }) },
    });
    await create(named('one'));
    await update(named('two'));
    expect(queues.live.size).toBe(left);
  });

  test('stays until the end, is taken back by a rollback, and what took its place goes', async () => {
    const { create, queues, update } = engine();
    const named = (QueueName: string) => ({
      Resources: { A: queue({ QueueName }), B: queue({}, { DependsOn: 'A' }) },
    });
    const stack = await create(named('one'));
    const before = stack.resource('A')?.state?.physicalId;
    queues.failUpdate.set('B', ['no']);
    const changed = named('two');
    const withB = {
      Resources: { ...changed.Resources, B: queue({ DelaySeconds: 1 }, { DependsOn: 'A' }) },
    };
    await failure(update(withB));
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.resource('A')?.state?.physicalId).toBe(before);
    expect([...queues.live.values()]).toContainEqual({ QueueName: 'one' });
    expect([...queues.live.values()]).not.toContainEqual({ QueueName: 'two' });
  });

  test('and cannot be deleted leaves the update complete, and says so', async () => {
    const { create, queues, update } = engine();
    const named = (QueueName: string) => ({ Resources: { A: queue({ QueueName }) } });
    const stack = await create(named('one'));
    queues.failDelete.set('A', 'in use');
    await update(named('two'));
    expect([stack.status, stack.statusReason]).toEqual([
      'UPDATE_COMPLETE',
      'Update successful. One or more resources could not be deleted.',
    ]);
    expect(linesOf(stack)).toContain('A DELETE_FAILED in use');
    expect(queues.live.size).toBe(2);
  });
});

test('a creation whose rollback fails can be deleted once that is possible', async () => {
  const { create, queues, remove } = engine();
  queues.failCreate.set('B', 'no');
  queues.failDelete.set('A', 'in use');
  const { failedStack } = await failure(
    create({ Resources: { A: queue(), B: queue({}, { DependsOn: 'A' }) } }),
  );
  expect(failedStack.status).toBe('ROLLBACK_FAILED');
  expect(failedStack.resource('A')).toMatchObject({
    status: 'DELETE_FAILED',
    statusReason: 'in use',
  });
  queues.failDelete.clear();
  await remove();
  expect(failedStack.status).toBe('DELETE_COMPLETE');
  expect(queues.live.size).toBe(0);
});

test('siblings under way when one fails are cancelled, updated back and told apart', async () => {
  const { create, queues, update } = engine();
  const both = (seconds: number) => ({
    Resources: { A: queue({ DelaySeconds: seconds }), B: queue({ DelaySeconds: seconds }) },
  });
  const stack = await create(both(1));
  let open: () => void = () => undefined;
  queues.gates.set('B', new Promise((resolve) => (open = resolve)));
  queues.failUpdate.set('A', ['no']);
  const updating = failure(update(both(2)));
  await new Promise<void>((resolve) => setImmediate(resolve));
  open();
  await updating;
  const lines = linesOf(stack);
  expect(lines).toContain('A UPDATE_FAILED no');
  expect(lines).toContain('B UPDATE_FAILED Resource update cancelled');
  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect([...queues.live.values()]).toEqual([{ DelaySeconds: 1 }, { DelaySeconds: 1 }]);
});

describe('a nested stack that fails', () => {
  const child = (properties: object) => ({ Resources: { Inner: queue(properties) } });
  const templates = new Map<string, object>([
    ['one', child({ DelaySeconds: 1 })],
    ['two', child({ DelaySeconds: 2 })],
  ]);
  const options = {
    fetchTemplate: async ({ url }: { url: string }) => JSON.stringify(templates.get(url)),
  };
  const parent = (TemplateURL: string, more: object = {}) => ({
    Resources: {
      Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } },
      ...more,
    },
  });

  test('to be created fails its parent, and both leave nothing', async () => {
    const { cloudFormation, create, queues } = engine(options);
    queues.failCreate.set('Inner', 'no');
    const { failedStack } = await failure(create(parent('one', { Other: queue() })));
    expect(failedStack.status).toBe('ROLLBACK_COMPLETE');
    const reasons = failedStack.events().map((event) => event.resourceStatusReason ?? '');
    expect(
      reasons.some((reason) =>
        /^Embedded stack arn:.* was not successfully created: .*no/s.test(reason),
      ),
    ).toBe(true);
    expect(queues.live.size).toBe(0);
    expect(cloudFormation.stacks().map(({ name }) => name)).toEqual(['Test']);
  });

  test('to be updated is rolled back with its parent', async () => {
    const { cloudFormation, create, queues, update } = engine(options);
    const stack = await create(parent('one', { P: holder('1') }));
    queues.failUpdate.set('Inner', ['no']);
    await failure(update(parent('two', { P: holder('2') })));
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const nested = cloudFormation.stacks().find(({ name }) => name !== 'Test');
    expect(nested?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([...queues.live.values()]).toEqual([{ DelaySeconds: 1 }]);
  });

  test('to be deleted fails its parent, and can be deleted with it later', async () => {
    const { create, queues, remove } = engine(options);
    const stack = await create(parent('one'));
    queues.failDelete.set('Inner', 'in use');
    await failure(remove());
    expect(stack.status).toBe('DELETE_FAILED');
    expect(stack.resource('Child')?.statusReason).toMatch(/was not successfully deleted.*in use/s);
    queues.failDelete.clear();
    await remove();
    expect(stack.status).toBe('DELETE_COMPLETE');
  });
});
