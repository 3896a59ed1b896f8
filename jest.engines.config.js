const { execFile } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { promisify } = require('node:util');
const { findActiveMq } = require('./emulator/dist/engines/activemq');
const { findRabbitMq } = require('./emulator/dist/engines/rabbitmq');
const { testPathIgnorePatterns: _, ...shared } = require('./jest.config');

/** The client libraries of Kinesis in Java are fetched by their tests. */
async function findMaven() {
  try {
    await promisify(execFile)('mvn', ['-version']);
  } catch (error) {
    throw new Error(`there is no Maven to fetch its client libraries with: ${error.message}`);
  }
}

const engines = { activemq: findActiveMq, kinesis: findMaven, rabbitmq: findRabbitMq };

/** The folders of the engines that are installed. In CI they all have to be. */
async function installed() {
  const found = [];
  const missing = [];
  for (const [folder, find] of Object.entries(engines)) {
    try {
      await find();
      found.push(folder);
    } catch (error) {
      if (process.env.CI) throw error;
      missing.push(`${folder}: ${error.message}`);
    }
  }
  if (missing.length > 0)
    process.stderr.write(
      `Not tested, ${missing.length} of ${Object.keys(engines).length} engines:\n${missing.join('\n')}\n`,
    );
  return found;
}

/** Tests that run ActiveMQ, RabbitMQ and the client libraries of Kinesis in Java, where these can be had. */
module.exports = async () => {
  const found = await installed();
  return {
    ...shared,
    roots: found.flatMap((folder) =>
      ['emulator/test/engines', 'test/engines']
        .map((tests) => join(__dirname, tests, folder))
        .filter(existsSync),
    ),
    passWithNoTests: found.length === 0,
    testTimeout: 90_000,
  };
};
