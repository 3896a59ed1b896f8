const { testPathIgnorePatterns: _, ...shared } = require('./jest.config');

/** @type {import('jest').Config} Tests that run ActiveMQ and RabbitMQ, where these are installed. */
module.exports = {
  ...shared,
  roots: ['<rootDir>/emulator/test/engines/activemq', '<rootDir>/emulator/test/engines/rabbitmq'],
  testTimeout: 90_000,
};
