import { StackFailedError, TemplateRejectedError } from '../../src/cloudformation';
import { account, engine, FakeProvider, holder, region } from './harness';

const queue = (properties: object = {}, attributes: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...attributes,
});

/** C needs B, B needs A; D stands alone. */
const chain = {
  Resources: {
    C: queue({}, { DependsOn: 'B' }),
    B: queue({ QueueName: { 'Fn::Join': ['', ['after-', { 'Fn::GetAtt': 'A.QueueName' }]] } }),
    A: queue(),
    D: queue(),
  },
};

async function failure(promise: Promise<unknown>): Promise<StackFailedError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StackFailedError)) throw new Error(`not a failed stack: ${error}`);
  return error;
}

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

describe('custom resources', () => {
  const resources = {
    Resources: {
      Custom: {
        Type: 'Custom::Thing',
        Properties: {
          ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:f',
          Size: 3,
          Deep: { On: true },
        },
      },
      P: holder({ 'Fn::GetAtt': ['Custom', 'Answer'] }),
    },
  };

  test('are unsupported, by name, where nothing handles them', async () => {
    await expect(engine().create(resources)).rejects.toThrow(
      'resource type Custom::Thing (Custom)',
    );
  });

  test('are created and deleted by their handler, whose data are attributes', async () => {
    const events: object[] = [];
    const { create, remove, parameters } = engine({
      invokeCustomResource: async (event) => {
        events.push(event);
        return { physicalResourceId: 'thing-1', data: { Answer: '42' } };
      },
    });
    await create(resources);
    expect(parameters.properties('P').Value).toBe('42');
    await remove();
    expect(events).toMatchObject([
      {
        RequestType: 'Create',
        ResourceType: 'Custom::Thing',
        ResourceProperties: { Size: '3', Deep: { On: 'true' } },
      },
      { RequestType: 'Delete', PhysicalResourceId: 'thing-1' },
    ]);
  });
});

test('a rejected template leaves no stack behind', async () => {
  const { create, cloudFormation } = engine();
  await expect(create({ Resources: { X: { Type: 'AWS::Nope::Nope' } } })).rejects.toThrow(
    TemplateRejectedError,
  );
  expect(cloudFormation.stacks()).toEqual([]);
});
