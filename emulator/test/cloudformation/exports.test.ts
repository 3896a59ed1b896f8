import { account, engine, failure, holder, queue, region } from './harness';

describe('exports', () => {
  const producer = {
    Resources: { A: queue() },
    Outputs: {
      Name: { Value: { 'Fn::GetAtt': ['A', 'QueueName'] }, Export: { Name: 'the-queue' } },
    },
  };
  const consumer = { Resources: { P: holder({ 'Fn::ImportValue': { 'Fn::Sub': 'the-queue' } }) } };

  test('are imported by other stacks, and protected while they are', async () => {
    const { create, remove, parameters, cloudFormation } = engine();
    await create(producer, { name: 'Producer' });
    await create(consumer, { name: 'Consumer' });
    expect(parameters.properties('P').Value).toBe('A');
    expect(cloudFormation.exports(account, region)).toMatchObject([
      { name: 'the-queue', value: 'A' },
    ]);
    await expect(remove('Producer')).rejects.toThrow(
      'Delete canceled. Cannot delete export the-queue as it is in use by Consumer.',
    );
    await remove('Consumer');
    await remove('Producer');
    expect(cloudFormation.exports(account, region)).toEqual([]);
  });

  test('fails when nothing exports the name, before anything is created', async () => {
    const { create, cloudFormation } = engine();
    await expect(create(consumer)).rejects.toThrow('No export named the-queue found.');
    expect(cloudFormation.stacks()).toEqual([]);
  });

  test('fails when the name is exported already, and rolls back', async () => {
    const { create, queues } = engine();
    await create(producer, { name: 'First' });
    const { failedStack } = await failure(create(producer, { name: 'Second' }));
    expect(failedStack.status).toBe('ROLLBACK_COMPLETE');
    expect(
      failedStack
        .events()
        .some((event) =>
          event.resourceStatusReason?.includes(
            'Export with name the-queue is already exported by stack First.',
          ),
        ),
    ).toBe(true);
    expect(queues.deleted).toHaveLength(1);
  });
});
