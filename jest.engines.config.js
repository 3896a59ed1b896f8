const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { findActiveMq } = require('./emulator/dist/engines/activemq');
const { findRabbitMq } = require('./emulator/dist/engines/rabbitmq');
const { testPathIgnorePatterns: _, ...shared } = require('./jest.config');

const engines = { activemq: findActiveMq, rabbitmq: findRabbitMq };

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

/** Tests that run ActiveMQ and RabbitMQ, where these are installed. */
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
