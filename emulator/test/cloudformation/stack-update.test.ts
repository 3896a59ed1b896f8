import { account, chain, engine, failure, holder, linesOf, queue, region, two } from './harness';

describe('updating a stack', () => {
  test('changes properties in place, and leaves the rest alone', async () => {
    const { create, update, queues } = engine();
    const stack = await create(two({ DelaySeconds: 1 }));
    const before = stack.resource('A')?.state?.physicalId;
    expect(await update(two({ DelaySeconds: 2 }))).toBe(stack);
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(stack.resource('A')?.state?.physicalId).toBe(before);
    expect(queues.updated).toMatchObject([
      {
        logicalId: 'A',
        physicalId: before,
        properties: { DelaySeconds: 2 },
        previous: { properties: { DelaySeconds: 1 }, attributes: { QueueName: 'A' } },
      },
    ]);
    expect(linesOf(stack)).toEqual([
      'Test UPDATE_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'Test UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Test UPDATE_COMPLETE',
    ]);
  });

  test('replaces what the schema says, hands the new reference on, and deletes the old at the end', async () => {
    const { create, update, queues, parameters } = engine();
    const template = (name: string) => ({
      Resources: { A: queue({ QueueName: name }), P: holder({ Ref: 'A' }) },
    });
    const stack = await create(template('one'));
    const old = stack.resource('A')?.state?.physicalId;
    await update(template('two'));
    const now = stack.resource('A')?.state?.physicalId;
    expect(now).not.toBe(old);
    expect(parameters.updated[0]?.properties.Value).toBe(now);
    expect(queues.deleted.map(({ physicalId }) => physicalId)).toEqual([old]);
    expect(linesOf(stack)).toEqual([
      'Test UPDATE_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
      'A UPDATE_IN_PROGRESS Resource creation Initiated',
      'A UPDATE_COMPLETE',
      'P UPDATE_IN_PROGRESS',
      'P UPDATE_COMPLETE',
      'Test UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      'Test UPDATE_COMPLETE',
    ]);
  });

  test('creates what is new and deletes what has gone, last what others needed', async () => {
    const { create, update, queues } = engine();
    const stack = await create(chain);
    const { A, D } = chain.Resources;
    await update({ Resources: { A, D, E: queue({}, { DependsOn: 'A' }) } });
    expect(queues.deleted.map(({ logicalId }) => logicalId)).toEqual(['C', 'B']);
    expect(
      stack
        .resources()
        .map(({ logicalId }) => logicalId)
        .sort(),
    ).toEqual(['A', 'D', 'E']);
  });

  test.each([
    ['removed', { DeletionPolicy: 'Retain' }, { B: queue() }],
    [
      'replaced',
      { UpdateReplacePolicy: 'Retain' },
      { A: queue({ QueueName: 'other' }, { UpdateReplacePolicy: 'Retain' }), B: queue() },
    ],
  ])('what is %s and to be retained is retained', async (_how, attributes, after) => {
    const { create, update, queues } = engine();
    const stack = await create({ Resources: { A: queue({}, attributes), B: queue() } });
    await update({ Resources: after });
    expect(queues.deleted).toEqual([]);
    expect(linesOf(stack)).toContain('A DELETE_SKIPPED');
  });

  test.each<[string, object, object]>([
    ['the same template', {}, {}],
    ['a number written as text', { DelaySeconds: 1 }, { DelaySeconds: '1' }],
  ])('%s is no change', async (_what, before, after) => {
    const { create, update } = engine();
    const stack = await create(two(before));
    expect(await update(two(after))).toBeUndefined();
    expect(stack.status).toBe('CREATE_COMPLETE');
  });

  test('outputs alone are a change', async () => {
    const { create, update } = engine();
    await create(two({}));
    const stack = await update({ ...two({}), Outputs: { Url: { Value: { Ref: 'A' } } } });
    expect(stack?.output('Url')).toBe(stack?.resource('A')?.state?.physicalId);
  });

  test('parameters keep their values where the request says so', async () => {
    const { create, update, queues } = engine();
    const template = {
      Parameters: {
        Delay: { Type: 'Number', Default: 1, NoEcho: true },
        Other: { Type: 'String' },
      },
      Resources: { A: queue({ DelaySeconds: { Ref: 'Delay' }, QueueName: { Ref: 'Other' } }) },
    };
    await create(template, { parameters: { Delay: '7', Other: 'x' } });
    const kept = { parameters: { Delay: '8' }, previousParameters: ['Other'] };
    await update(template, kept);
    expect(queues.updated[0]?.properties).toEqual({ DelaySeconds: '8', QueueName: 'x' });
    expect(await update(template, { previousParameters: 'all' })).toBeUndefined();
    await expect(update(template, { previousParameters: ['New'] })).rejects.toThrow(
      'Cannot specify usePreviousValue as true for a parameter key not in the previous template',
    );
  });

  test('tags of the stack reach the resources that can have tags', async () => {
    const { create, update, queues } = engine();
    await create(two({}));
    const stack = await update(two({}), { tags: { team: 'orders' } });
    expect(queues.updated.map(({ stackTags }) => stackTags)).toEqual([
      { team: 'orders' },
      { team: 'orders' },
    ]);
    expect(stack?.identity.tags).toEqual({ team: 'orders' });
  });

  test('what a dynamic reference stands for is looked up only when the reference changes', async () => {
    let value = 'one';
    const { create, update, parameters } = engine({ resolveSsmParameter: async () => value });
    const template = (name: string, description: string) => ({
      Resources: {
        P: {
          Type: 'AWS::SSM::Parameter',
          Properties: {
            Type: 'String',
            Value: `{{resolve:ssm:${name}}}`,
            Description: description,
          },
        },
      },
    });
    await create(template('/a', 'x'));
    value = 'two';
    expect(await update(template('/a', 'x'))).toBeUndefined();
    await update(template('/b', 'x'));
    expect(parameters.updated[0]?.properties.Value).toBe('two');
  });

  test('a recorded type takes any change, and keeps what was generated', async () => {
    const { create, update } = engine();
    const images = (ImageTagMutability: string) => ({
      Resources: { T: { Type: 'AWS::ECR::Repository', Properties: { ImageTagMutability } } },
    });
    const stack = await create(images('MUTABLE'));
    const before = stack.resource('T')?.state;
    await update(images('IMMUTABLE'));
    expect(stack.resource('T')?.state).toEqual({
      physicalId: before?.physicalId,
      attributes: { ...before?.attributes, ImageTagMutability: 'IMMUTABLE' },
    });
  });

  test('nested stacks are updated with their parents', async () => {
    const inner = (delay: number) => JSON.stringify(two({ DelaySeconds: delay }));
    const { create, update, cloudFormation, queues } = engine({
      fetchTemplate: async ({ url }) => inner(Number(url.slice(-1))),
    });
    const outer = (delay: number) => ({
      Resources: {
        N: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { TemplateURL: `https://t/${delay}` },
        },
      },
    });
    await create(outer(1));
    await update(outer(2));
    expect(queues.updated.map(({ properties }) => properties)).toEqual([{ DelaySeconds: 2 }]);
    expect(cloudFormation.stacks().map(({ status }) => status)).toEqual([
      'UPDATE_COMPLETE',
      'UPDATE_COMPLETE',
    ]);
  });
});

describe('an update that is refused leaves the stack as it is', () => {
  test('fails when there is no such stack', async () => {
    await expect(engine().update(two({}))).rejects.toMatchObject({
      code: 'ValidationError',
      message: 'Stack [Test] does not exist',
    });
  });

  test('fails when the stack is not in a state to be updated', async () => {
    const { create, update, queues } = engine();
    queues.failCreate.set('A', 'no');
    const { failedStack } = await failure(create(two({})));
    await expect(update(two({}))).rejects.toThrow(
      `Stack:${failedStack.id} is in ROLLBACK_COMPLETE state and can not be updated.`,
    );
  });

  test('fails when a resource changes its type', async () => {
    const { create, update } = engine();
    await create(two({}));
    await expect(update({ Resources: { A: holder('x') } })).rejects.toThrow(
      'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]',
    );
  });

  test('fails when the new template is wrong, naming all of it', async () => {
    const { create, update } = engine();
    const stack = await create(two({}));
    await expect(
      update({ Resources: { A: queue({ Nope: 1 }), X: { Type: 'AWS::GameLift::Fleet' } } }),
    ).rejects.toThrow(
      /^Stack Test cannot be updated, nothing has been: .*AWS::GameLift::Fleet.*Nope/s,
    );
    expect(stack.status).toBe('CREATE_COMPLETE');
  });

  test('fails when a provider cannot change what is to change', async () => {
    const { create, update, queues } = engine();
    const stack = await create(two({ DelaySeconds: 1 }));
    Object.defineProperty(queues, 'update', { value: undefined });
    await expect(update(two({ DelaySeconds: 2 }))).rejects.toThrow(
      'A (AWS::SQS::Queue): changing DelaySeconds of an existing resource',
    );
    expect(stack.status).toBe('CREATE_COMPLETE');
  });

  test('fails while another operation is under way', async () => {
    const { create, update, cloudFormation, queues } = engine();
    await create(two({}));
    let open: () => void = () => undefined;
    queues.gates.set(
      'A',
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    const first = update(two({ DelaySeconds: 3 }));
    await new Promise(setImmediate);
    await expect(update(two({ DelaySeconds: 4 }))).rejects.toThrow(
      /is in UPDATE_IN_PROGRESS state and can not be updated/,
    );
    await expect(cloudFormation.deleteStack('Test', account, region)).rejects.toThrow(
      'cannot be deleted while in status UPDATE_IN_PROGRESS',
    );
    open();
    expect((await first)?.status).toBe('UPDATE_COMPLETE');
    const both = await Promise.allSettled([
      update(two({ DelaySeconds: 5 })),
      update(two({ DelaySeconds: 6 })),
    ]);
    expect(both.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
  });
});
