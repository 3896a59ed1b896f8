declare module 'sns-validator' {
  /** Checks the signatures of documents of SNS. */
  export default class MessageValidator {
    /** @param hostPattern - hosts from which certificates may come */
    constructor(hostPattern?: RegExp);
    validate(message: object, callback: (error: Error | null, message?: object) => void): void;
  }
}
