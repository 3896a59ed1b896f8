import type { IWorkerProgram } from './program-contract';

/**
 * A program with further variables, which those that it has itself go before.
 */
export function withEnvironment(
  program: IWorkerProgram,
  environment: Readonly<Record<string, string>>,
): IWorkerProgram {
  return {
    validate: () => program.validate(),
    bind: (scope) => {
      const binding = program.bind(scope);
      return { ...binding, environment: { ...environment, ...binding.environment } };
    },
  };
}
