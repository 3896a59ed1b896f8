import { account, engine, failure, holder, linesOf, queue, region, two } from './harness';

describe('an update that fails', () => {
  test('leaves everything as it was: what was updated is updated back, what was made goes', async () => {
    const { create, update, queues } = engine();
    const before = {
      Resources: {
        A: queue({ DelaySeconds: 1 }),
        B: queue({ QueueName: 'old' }, { DependsOn: 'A' }),
        C: queue({}, { DependsOn: ['B', 'N'] }),
        N: queue(),
        Gone: queue(),
      },
    };
    const { Gone: _gone, ...kept } = before.Resources;
    const stack = await create(before);
    const states = new Map(stack.resources().map(({ logicalId, state }) => [logicalId, state]));
    queues.failUpdate.set('C', ['no such delay']);
    const error = await failure(
      update({
        Resources: {
          ...kept,
          A: queue({ DelaySeconds: 2 }),
          B: queue({ QueueName: 'new' }, { DependsOn: 'A' }),
          New: queue({}, { DependsOn: 'B' }),
          C: queue({ DelaySeconds: 901 }, { DependsOn: 'New' }),
        },
      }),
    );
    expect(error.message).toBe(
      'Stack Test failed to update and is now UPDATE_ROLLBACK_COMPLETE:\n  C (AWS::SQS::Queue): no such delay',
    );
    expect(new Map(stack.resources().map(({ logicalId, state }) => [logicalId, state]))).toEqual(
      states,
    );
    expect(linesOf(stack)).toEqual([
      'Test UPDATE_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'B UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
      'B UPDATE_IN_PROGRESS Resource creation Initiated',
      'B UPDATE_COMPLETE',
      'New CREATE_IN_PROGRESS',
      'New CREATE_IN_PROGRESS Resource creation Initiated',
      'New CREATE_COMPLETE',
      'C UPDATE_IN_PROGRESS',
      'C UPDATE_FAILED no such delay',
      'Test UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [C].',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'B UPDATE_IN_PROGRESS',
      'B UPDATE_COMPLETE',
      'C UPDATE_IN_PROGRESS',
      'C UPDATE_COMPLETE',
      'Test UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'New DELETE_IN_PROGRESS',
      'New DELETE_COMPLETE',
      'B DELETE_IN_PROGRESS',
      'B DELETE_COMPLETE',
      'Test UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(queues.updated.at(-1)).toMatchObject({
      logicalId: 'C',
      properties: {},
      previous: { properties: { DelaySeconds: 901 } },
    });
    expect(await update(before)).toBeUndefined();
    expect((await update({ Resources: kept }))?.status).toBe('UPDATE_COMPLETE');
  });

  test('without rollback it stays as it failed until it is rolled back', async () => {
    const { cloudFormation, create, update, queues } = engine();
    const stack = await create(two({ DelaySeconds: 1 }));
    queues.failUpdate.set('B', ['no']);
    const after = two({ DelaySeconds: 2 }, { DelaySeconds: 2 });
    const { failedStack } = await failure(update(after, { disableRollback: true }));
    expect(failedStack.status).toBe('UPDATE_FAILED');
    expect([...queues.live.values()]).toEqual([{ DelaySeconds: 2 }, {}]);
    await expect(update(after)).rejects.toThrow(
      'This stack is currently in a non-terminal [UPDATE_FAILED] state. To update the stack from this state, please use the disable-rollback parameter',
    );
    await cloudFormation.rollBack('Test', account, region).finished;
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([...queues.live.values()]).toEqual([{ DelaySeconds: 1 }, {}]);
    expect(() => cloudFormation.rollBack('Test', account, region)).toThrow(
      'UPDATE_ROLLBACK_COMPLETE state and can not be rolled back',
    );
  });

  test('without rollback it can be updated again, and rolled back over both updates', async () => {
    const { cloudFormation, create, update, queues } = engine();
    const stack = await create(two({ DelaySeconds: 1 }));
    queues.failUpdate.set('B', ['no', 'never']);
    const added = (seconds: number) => ({
      Resources: {
        ...two({ DelaySeconds: seconds }, { DelaySeconds: seconds }).Resources,
        New: queue({ DelaySeconds: seconds }, { Metadata: { seconds } }),
      },
    });
    await failure(update(added(2), { disableRollback: true }));
    await failure(update(added(3), { disableRollback: true }));
    expect(stack.status).toBe('UPDATE_FAILED');
    expect([...queues.live.values()].map((one) => one.DelaySeconds)).toEqual([3, undefined, 3]);
    await cloudFormation.rollBack('Test', account, region).finished;
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([...queues.live.values()]).toEqual([{ DelaySeconds: 1 }, {}]);
    expect(stack.resources().map(({ logicalId }) => logicalId)).toEqual(['A', 'B']);
  });

  test('without rollback it is put right by another update, be it to what it was', async () => {
    const { create, update, queues } = engine();
    const stack = await create(two({ DelaySeconds: 1 }));
    const after = two({ DelaySeconds: 1 }, { DelaySeconds: 2 });
    queues.failUpdate.set('B', ['no', 'never']);
    await failure(update(after, { disableRollback: true }));
    await update(two({ DelaySeconds: 1 }), { disableRollback: true });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    await failure(update(after, { disableRollback: true }));
    await update(after, { disableRollback: true });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(stack.resources().map(({ status }) => status)).toEqual([
      'CREATE_COMPLETE',
      'UPDATE_COMPLETE',
    ]);
  });

  test('a creation that was left as it failed is completed by an update, or rolled back after one', async () => {
    const { cloudFormation, create, update, queues } = engine();
    queues.failCreate.set('B', 'no');
    const { failedStack } = await failure(create(two({}), { onFailure: 'DO_NOTHING' }));
    await failure(update(two({}), { disableRollback: true }));
    expect(failedStack.status).toBe('UPDATE_FAILED');
    queues.failCreate.clear();
    await update(two({}), { disableRollback: true });
    expect(failedStack.status).toBe('UPDATE_COMPLETE');
    await cloudFormation.deleteStack('Test', account, region);
    queues.failCreate.set('B', 'no');
    const again = await failure(create(two({}), { onFailure: 'DO_NOTHING' }));
    await failure(update(two({}), { disableRollback: true }));
    await cloudFormation.rollBack('Test', account, region).finished;
    expect(again.failedStack.status).toBe('ROLLBACK_COMPLETE');
    expect(queues.live.size).toBe(0);
  });

  test('without rollback nothing can be replaced', async () => {
    const { create, update } = engine();
    await create(two({ QueueName: 'one' }));
    await expect(update(two({ QueueName: 'two' }), { disableRollback: true })).rejects.toThrow(
      'Replacement type updates not supported on stack with disable-rollback.',
    );
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('a creation that failed is rolled back by a call, retaining: %s', async (retains, left) => {
    const { cloudFormation, create, queues } = engine();
    queues.failCreate.set('B', 'no');
    const kept = queue({}, { DeletionPolicy: 'Retain' });
    const template = { Resources: { A: kept, B: queue({}, { DependsOn: 'A' }) } };
    const { failedStack } = await failure(create(template, { onFailure: 'DO_NOTHING' }));
    expect(failedStack.status).toBe('CREATE_FAILED');
    await cloudFormation.rollBack('Test', account, region, { retainsCreated: retains }).finished;
    expect(failedStack.status).toBe('ROLLBACK_COMPLETE');
    expect(queues.live.size).toBe(left);
  });

  test('a resource with a name of its own cannot be replaced under that name', async () => {
    const { create, update, roles } = engine();
    const role = (path: string) => ({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: { RoleName: 'mine', Path: path, AssumeRolePolicyDocument: {} },
        },
      },
    });
    await create(role('/'));
    const { failures, failedStack } = await failure(update(role('/other/')));
    expect(failures.map(({ reason }) => reason)).toEqual([
      'CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and update the stack again.',
    ]);
    expect(failedStack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(roles.created).toHaveLength(1);
    expect(roles.deleted).toEqual([]);
  });

  test('a resource that cannot be created fails the update', async () => {
    const { create, update, queues } = engine();
    const stack = await create(two({}));
    queues.failCreate.set('New', 'quota');
    const { failures } = await failure(
      update({ Resources: { ...two({}).Resources, New: queue() } }),
    );
    expect(failures).toEqual([{ logicalId: 'New', type: 'AWS::SQS::Queue', reason: 'quota' }]);
    expect(stack.resource('New')).toBeUndefined();
    expect(linesOf(stack)).toContain(
      'Test UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [New].',
    );
  });

  /** A stack whose update failed at B and whose rollback failed at A. */
  const stuck = async () => {
    const setup = engine();
    const stack = await setup.create(two({ DelaySeconds: 1 }));
    setup.queues.failUpdate.set('A', [undefined, 'stuck']);
    setup.queues.failUpdate.set('B', ['no']);
    await failure(setup.update(two({ DelaySeconds: 2 }, { DelaySeconds: 2 })));
    return { ...setup, stack };
  };

  test('a rollback that fails says so, and the stack can be deleted', async () => {
    const { update, remove, queues, stack } = await stuck();
    expect(stack.status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(stack.statusReason).toBe('The following resource(s) failed to update: [A].');
    expect(stack.resource('A')).toMatchObject({ status: 'UPDATE_FAILED', statusReason: 'stuck' });
    await expect(update(two({}))).rejects.toThrow('UPDATE_ROLLBACK_FAILED state');
    await remove();
    expect(stack.status).toBe('DELETE_COMPLETE');
    expect(queues.deleted).toHaveLength(2);
  });

  test('a rollback that failed goes on where it stopped', async () => {
    const { cloudFormation, queues, stack, update } = await stuck();
    const { finished } = cloudFormation.continueRollback('Test', account, region);
    await finished;
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(queues.updated.slice(-2)).toMatchObject([
      { logicalId: 'A', properties: { DelaySeconds: 1 } },
      { logicalId: 'B', properties: {} },
    ]);
    expect(await update(two({ DelaySeconds: 1 }))).toBeUndefined();
    expect(() => cloudFormation.continueRollback('Test', account, region)).toThrow(
      'UPDATE_ROLLBACK_COMPLETE state and can not be rolled back',
    );
  });

  test('a rollback that failed goes on without what is skipped', async () => {
    const { cloudFormation, queues, stack } = await stuck();
    const calls = queues.updated.length;
    expect(() =>
      cloudFormation.continueRollback('Test', account, region, { skipped: ['C'] }),
    ).toThrow('Resources [C] are not in UPDATE_FAILED state.');
    await cloudFormation.continueRollback('Test', account, region, { skipped: ['A'] }).finished;
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.resource('A')?.status).toBe('UPDATE_COMPLETE');
    expect(queues.updated.slice(calls)).toMatchObject([{ logicalId: 'B' }]);
  });

  test.each([
    ['removed', {}, 'Export url cannot be deleted as it is in use by Importer'],
    [
      'changed',
      { Outputs: { Url: { Value: 'other', Export: { Name: 'url' } } } },
      'Export url cannot be updated as it is in use by Importer',
    ],
  ])('an export in use cannot be %s', async (_how, outputs, reason) => {
    const { create, update } = engine();
    const exporting = { Outputs: { Url: { Value: 'one', Export: { Name: 'url' } } } };
    const stack = await create({ ...two({}), ...exporting });
    await create({ Resources: { P: holder({ 'Fn::ImportValue': 'url' }) } }, { name: 'Importer' });
    const error = await failure(update({ ...two({}), ...outputs }));
    expect(error.message).toContain(reason);
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.output('Url')).toBe('one');
  });
});
