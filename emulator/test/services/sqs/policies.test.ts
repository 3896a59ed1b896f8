import { AddPermissionCommand, RemovePermissionCommand } from '@aws-sdk/client-sqs';
import { arnOf, startSqs } from './support';

test.each([
  'not json',
  '[]',
  '{}',
  '{"Statement":[{"Effect":"Maybe","Principal":"*","Action":"sqs:*"}]}',
  '{"Statement":[{"Effect":"Allow","Action":"sqs:*"}]}',
  '{"Statement":[{"Effect":"Allow","Principal":"*"}]}',
  '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Condition":{"StringResembles":{"a:b":"c"}}}]}',
])('fails when the policy is %s', async (Policy) => {
  const { create } = startSqs();
  await expect(create('orders', { Policy })).rejects.toMatchObject({
    name: 'InvalidAttributeValue',
  });
});

const statement = (Sid: string, actions = 1) => ({
  Sid,
  Effect: 'Allow',
  Principal: '*',
  Action: Array.from({ length: actions }, (_, i) => `sqs:Action${i}`),
});

test.each([
  ['20 statements', Array.from({ length: 20 }, (_, i) => statement(`s${i}`)), true],
  ['21 statements', Array.from({ length: 21 }, (_, i) => statement(`s${i}`)), false],
  ['7 actions in a statement', [statement('s', 7)], true],
  ['8 actions in a statement', [statement('s', 8)], false],
  ['more than 8,192 bytes', [statement('s'.repeat(8_192))], false],
])('a policy with %s is checked against the quotas', async (_what, Statement, accepted) => {
  const { create } = startSqs();
  const created = create('orders', { Policy: JSON.stringify({ Statement }) });
  if (accepted) await expect(created).resolves.toMatch(/orders$/);
  else await expect(created).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
});

test('a policy is given 20 permissions and no more', async () => {
  const { create, sqs } = startSqs();
  const Statement = Array.from({ length: 20 }, (_, i) => statement(`s${i}`));
  const QueueUrl = await create('orders', { Policy: JSON.stringify({ Statement }) });
  const command = { QueueUrl, AWSAccountIds: ['222233334444'], Actions: ['SendMessage'] };
  await expect(
    sqs.send(new AddPermissionCommand({ ...command, Label: 'more' })),
  ).rejects.toMatchObject({ name: 'OverLimit' });
});

test('permissions are statements of the policy', async () => {
  const { create, sqs, attributes } = startSqs();
  const QueueUrl = await create('orders');
  const add = (Label: string, AWSAccountIds: string[], Actions: string[]) =>
    sqs.send(new AddPermissionCommand({ QueueUrl, Label, AWSAccountIds, Actions }));
  await add('senders', ['222233334444'], ['SendMessage']);
  await add('readers', ['222233334444', '333344445555'], ['ReceiveMessage', 'DeleteMessage']);
  const { Policy = '' } = await attributes(QueueUrl, 'Policy');
  expect(JSON.parse(Policy)).toEqual({
    Version: '2008-10-17',
    Id: `${arnOf('orders')}/SQSDefaultPolicy`,
    Statement: [
      {
        Sid: 'senders',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::222233334444:root' },
        Action: 'SQS:SendMessage',
        Resource: arnOf('orders'),
      },
      {
        Sid: 'readers',
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::222233334444:root', 'arn:aws:iam::333344445555:root'] },
        Action: ['SQS:ReceiveMessage', 'SQS:DeleteMessage'],
        Resource: arnOf('orders'),
      },
    ],
  });
  await expect(add('senders', ['222233334444'], ['SendMessage'])).rejects.toThrow(
    'Value senders for parameter Label is invalid. Reason: Already exists.',
  );
  const remove = (Label: string) => sqs.send(new RemovePermissionCommand({ QueueUrl, Label }));
  await remove('senders');
  await remove('readers');
  expect(await attributes(QueueUrl, 'Policy')).toEqual({});
  await expect(remove('readers')).rejects.toThrow("can't find label.");
});
