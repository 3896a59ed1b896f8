// Decisions a second for a role that calls, by the number of statements in its policies.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Authorizer } = require('../emulator/dist/iam/authorizer.js');

const account = '000000000000';
const caller = {
  kind: 'role-session',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/worker/session`,
  roleArn: `arn:aws:iam::${account}:role/worker`,
  sessionName: 'session',
};
const queue = `arn:aws:sqs:us-east-1:${account}:jobs`;

/** Statements in ten policies: one allows the call, every tenth of the others denies something. */
function policies(statements, action) {
  const other = (index) => ({
    Effect: index % 10 === 9 ? 'Deny' : 'Allow',
    Action: [action(index), `service${index}:Read*`],
    Resource: `arn:aws:sqs:us-east-1:${account}:other-${index}`,
    Condition: { Bool: { 'aws:SecureTransport': 'true' } },
  });
  const allowing = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue };
  const all = [...Array.from({ length: statements - 1 }, (_, index) => other(index)), allowing];
  return Array.from({ length: 10 }, (_, policy) => ({
    name: `policy-${policy}`,
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: all.filter((_statement, index) => index % 10 === policy),
    }),
  }));
}

function rate(statements, action) {
  const authorizer = new Authorizer(() => 0);
  const role = { policies: policies(statements, action), boundary: undefined, tags: new Map() };
  authorizer.connect({ role: () => role, resources: {} });
  const decide = () =>
    authorizer.decide({ caller, action: 'sqs:SendMessage', resource: queue }).verdict.allowed;
  if (!decide()) throw new Error('the measured call is denied');
  for (let index = 0; index < 20_000; index += 1) decide();
  const rounds = 100_000;
  const start = process.hrtime.bigint();
  for (let index = 0; index < rounds; index += 1) decide();
  return Math.round((rounds * 1e9) / Number(process.hrtime.bigint() - start));
}

export function authorization() {
  const others = (index) => `sqs:Action${index}`;
  const same = () => 'sqs:SendMessage';
  return {
    perSecondAt20OnOtherActions: rate(20, others),
    perSecondAt200OnOtherActions: rate(200, others),
    perSecondAt20: rate(20, same),
    perSecondAt200: rate(200, same),
  };
}
