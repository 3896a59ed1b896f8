/** @type {import('jest').Config} */
const shared = {
  testEnvironment: 'node',
  // No test waits for time to pass: this is for machines that have much else to do.
  testTimeout: 60_000,
  // Jest leaves one core idle by default: half of them, on a machine with two.
  maxWorkers: '100%',
  // Every file loads modules of its own, and what it leaves behind slows down those after it.
  workerIdleMemoryLimit: '700MB',
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^cdk-decouple$': '<rootDir>/lib/index.ts',
    '^cdk-decouple/nag$': '<rootDir>/lib/nag/index.ts',
    '^cdk-decouple/worker$': '<rootDir>/lib/worker/index.ts',
    '^cdk-decouple-emulator$': '<rootDir>/emulator/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/emulator/dist/', '<rootDir>/cdk.out/'],
};

module.exports = {
  ...shared,
  rootDir: __dirname,
  roots: ['<rootDir>/test', '<rootDir>/emulator/test'],
  testMatch: ['**/*.test.ts'],
  // They run a command line or brokers: jest.aws-cli.config.js, jest.cdk-cli.config.js, jest.engines.config.js.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/emulator/test/aws-cli/',
    '<rootDir>/emulator/test/cdk-cli/',
    '<rootDir>/emulator/test/engines/activemq/',
    '<rootDir>/emulator/test/engines/rabbitmq/',
    '<rootDir>/test/cdk-cli/',
    '<rootDir>/test/engines/',
  ],
  setupFiles: ['<rootDir>/test/setup-environment.ts'],
  setupFilesAfterEnv: ['aws-cdk-lib/testhelpers/jest-autoclean'],
};
