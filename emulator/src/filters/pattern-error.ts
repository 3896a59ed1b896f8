/** A pattern that cannot be compiled. Each service reports it under its own code. */
export class PatternError extends Error {
  constructor(
    /** What is wrong, in the words of AWS. */
    readonly reason: string,
    /** Where in the text, as AWS puts it behind the reason; empty if it does not. */
    readonly location = '',
  ) {
    super(reason + location);
    this.name = 'PatternError';
  }
}
