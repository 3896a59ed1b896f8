const { testPathIgnorePatterns: _, ...shared } = require('./jest.config');

/** @type {import('jest').Config} Tests that need the AWS CLI, which is not on every machine. */
module.exports = { ...shared, roots: ['<rootDir>/emulator/test/aws-cli'] };
