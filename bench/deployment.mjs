// What a deployment of the sale-day stack (a VPC, Aurora PostgreSQL and a WriteBuffer) costs beyond its synthesis and
// the start of its database, and how many invocations of a function a second there are.

import { createRequire } from 'node:module';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { App } from 'aws-cdk-lib';
import { Emulator } from 'cdk-decouple-emulator';
import { median } from './lib/sqs-load.mjs';

const require = createRequire(import.meta.url);
const { CertificateAuthority } = require('../emulator/dist/gateway/certificate-authority.js');
const { PostgresEngine } = require('../emulator/dist/engines/postgres/index.js');
const { SaleDayStack } = require('../dist/bin/sale-day.js');
const { strToU8, zipSync } = require('fflate');

/** @returns medians in milliseconds of deployments whose synthesis has been done before */
export async function deploymentTimes() {
  const times = { synthesis: [], deployment: [], database: [], rest: [] };
  for (let i = 0; i < 7; i++) {
    const stack = new SaleDayStack(new App(), 'SaleDay');
    let start = performance.now();
    stack.node.root.synth();
    const synthesis = performance.now() - start;
    const aws = await Emulator.start({ clock: 'manual' });
    start = performance.now();
    await aws.deploy(stack);
    const deployment = performance.now() - start;
    await aws.stop();
    const database = await databaseStart();
    // The first one loads modules.
    if (i === 0) continue;
    times.synthesis.push(synthesis);
    times.deployment.push(deployment);
    times.database.push(database);
    times.rest.push(deployment - database);
  }
  return {
    synthesisMs: median(times.synthesis),
    deploymentMs: median(times.deployment),
    databaseStartMs: median(times.database),
    restMs: median(times.rest),
  };
}

/** Milliseconds that a database of its own takes to be there, without CloudFormation around it. */
async function databaseStart() {
  const authority = new CertificateAuthority();
  const engine = new PostgresEngine({ issueCertificate: (hosts) => authority.issue(hosts) });
  const start = performance.now();
  await engine.provision({
    username: 'shop',
    password: 'a-long-password',
    databaseName: 'shop',
    maxConnections: 100,
    forceSsl: true,
    parameters: {},
  });
  const duration = performance.now() - start;
  await engine.stop();
  return duration;
}

/** @returns invocations a second of a function that does nothing, one at a time and eight at a time */
export async function invocationRates() {
  const aws = await Emulator.start();
  await aws.client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: 'bench',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ],
      }),
    }),
  );
  const lambda = aws.client(LambdaClient);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'bench',
      Role: 'arn:aws:iam::000000000000:role/bench',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.js': strToU8('exports.handler = async () => 1;') }) },
    }),
  );
  const invoke = () => lambda.send(new InvokeCommand({ FunctionName: 'bench', Payload: '{}' }));
  const rate = async (invocations, concurrency) => {
    let left = invocations;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (left-- > 0) await invoke();
      }),
    );
    return Math.round(invocations / ((performance.now() - start) / 1000));
  };
  await rate(300, 8);
  const rates = { oneAtATime: await rate(1_500, 1), eightAtATime: await rate(3_000, 8) };
  await aws.stop();
  return rates;
}
