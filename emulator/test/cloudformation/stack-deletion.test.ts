import { account, chain, engine, FakeProvider, failure, queue, region } from './harness';

describe('deleting a stack', () => {
  test('resources go in reverse order of what they need', async () => {
    const { create, remove, queues, cloudFormation } = engine();
    const stack = await create(chain);
    await remove();
    expect(queues.deleted.map(({ logicalId }) => logicalId)).toEqual(['C', 'D', 'B', 'A']);
    expect(stack.status).toBe('DELETE_COMPLETE');
    expect(cloudFormation.stacks()).toEqual([]);
    expect(() => cloudFormation.describe('Test', account, region)).toThrow(
      'Stack with id Test does not exist',
    );
    expect(cloudFormation.describe(stack.id, account, region)).toBe(stack);
  });

  test('does nothing when there is no such stack', async () => {
    expect(await engine().remove('Nope')).toBeUndefined();
  });

  test('what fails to delete stays, with what it needs, and can be tried again', async () => {
    const { create, remove, queues } = engine();
    await create(chain);
    queues.failDelete.set('B', 'in use');
    const { failedStack } = await failure(remove());
    expect(failedStack.status).toBe('DELETE_FAILED');
    expect(failedStack.statusReason).toBe('The following resource(s) failed to delete: [B].');
    expect(queues.deleted.map(({ logicalId }) => logicalId)).toEqual(['C', 'D']);
    queues.failDelete.clear();
    await remove();
    expect(queues.deleted.map(({ logicalId }) => logicalId)).toEqual(['C', 'D', 'B', 'A']);
  });

  test('fails when it is protected', async () => {
    const { create, remove } = engine();
    await create(chain, { terminationProtection: true });
    await expect(remove()).rejects.toThrow(
      'Stack [Test] cannot be deleted while TerminationProtection is enabled',
    );
  });

  test.each([
    ['Delete', 'DELETE_COMPLETE', 'DELETE_COMPLETE'],
    ['Retain', 'DELETE_SKIPPED', 'DELETE_SKIPPED'],
    ['RetainExceptOnCreate', 'DELETE_SKIPPED', 'DELETE_COMPLETE'],
  ])(
    'a resource with DeletionPolicy %s is %s, after a rollback %s',
    async (policy, deleted, rolledBack) => {
      const resources = {
        A: queue({}, { DeletionPolicy: policy }),
        B: queue({}, { DependsOn: 'A' }),
      };
      const kept = engine();
      const stack = await kept.create({ Resources: resources });
      await kept.remove();
      expect(stack.resource('A')?.status).toBe(deleted);
      const undone = engine();
      undone.queues.failCreate.set('B', 'no');
      const { failedStack } = await failure(undone.create({ Resources: resources }));
      expect(failedStack.resource('A')?.status).toBe(rolledBack);
    },
  );

  test('DeletionPolicy Snapshot is for databases only', async () => {
    const databases = new FakeProvider('AWS::RDS::DBInstance');
    const { create, remove } = engine({ providers: [databases] });
    const database = { Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Snapshot' };
    const stack = await create({ Resources: { Database: database } });
    await remove();
    expect(stack.resource('Database')).toMatchObject({
      status: 'DELETE_COMPLETE',
      statusReason: 'DeletionPolicy Snapshot: no snapshot is kept',
    });
    await expect(
      engine().create({ Resources: { A: queue({}, { DeletionPolicy: 'Snapshot' }) } }),
    ).rejects.toThrow('DeletionPolicy Snapshot is not supported by resource type AWS::SQS::Queue');
  });
});
