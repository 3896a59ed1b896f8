import { ServiceError } from '../protocol/errors';

/** What CloudFormation answers to a call with a template, parameter or stack name that it cannot use. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message, { status: 400 });
}

/** The part of {@link validationError} that is about the text of a template. */
export function templateFormatError(message: string): ServiceError {
  return validationError(`Template format error: ${message}`);
}

/** The part of {@link validationError} that is about what a template's functions refer to. */
export function templateError(message: string): ServiceError {
  return validationError(`Template error: ${message}`);
}

/**
 * A template that cannot be deployed: everything that is wrong or unsupported, named before anything is created.
 *
 * Its code is `NotImplemented` as soon as one problem is the emulator's, `ValidationError` if all are the template's.
 */
export class TemplateRejectedError extends ServiceError {
  constructor(
    stackName: string,
    /** What the template gets wrong, in CloudFormation's words. */
    readonly invalid: readonly string[],
    /** What AWS would deploy and the emulator does not. */
    readonly unsupported: readonly string[],
    operation: 'created' | 'updated' = 'created',
    /** Types that the emulator would record if that were allowed. */
    readonly recordable: readonly string[] = [],
  ) {
    const parts = [
      ...(unsupported.length === 0
        ? []
        : [`cdk-decouple-emulator does not implement:\n${bullets(unsupported)}`]),
      ...(recordable.length === 0 ? [] : [recordingHint(recordable)]),
      ...(invalid.length === 0 ? [] : [bullets(invalid)]),
    ];
    super(
      unsupported.length > 0 ? 'NotImplemented' : 'ValidationError',
      `Stack ${stackName} cannot be ${operation}, nothing has been: ${parts.length === 1 && unsupported.length === 0 ? '\n' : ''}${parts.join('\n')}`,
      { status: unsupported.length > 0 ? 501 : 400 },
    );
  }
}

function recordingHint(types: readonly string[]): string {
  const list = [...new Set(types)].join(', ');
  return `Without being emulated, ${list} can be recorded: start the emulator with allowRecorded (a server with --allow-recorded).`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}`).join('\n');
}
