const { testPathIgnorePatterns: _, ...shared } = require('./jest.config');

/** @type {import('jest').Config} Tests that run the CDK CLI: a few seconds a command. */
module.exports = {
  ...shared,
  roots: ['<rootDir>/emulator/test/cdk-cli', '<rootDir>/test/cdk-cli'],
  testTimeout: 120_000,
};
