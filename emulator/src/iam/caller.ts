/** An administrator of an account: any 12-digit access key id is the one of that account. */
export interface DeveloperCaller {
  readonly kind: 'developer';
  readonly account: string;
  readonly arn: string;
}

/** A session of a role: a function, an instance, or the result of AssumeRole. */
export interface RoleSessionCaller {
  readonly kind: 'role-session';
  readonly account: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly arn: string;
  readonly roleArn: string;
  readonly sessionName: string;
}

/** An AWS service that calls on behalf of a resource. */
export interface ServiceCaller {
  readonly kind: 'service';
  /** Such as `sns.amazonaws.com`. */
  readonly service: string;
  readonly account: string;
  readonly arn: string;
  /** `aws:SourceArn` of the call. */
  readonly sourceArn?: string;
}

/** Who makes a call. Every operation receives one. */
export type Caller = DeveloperCaller | RoleSessionCaller | ServiceCaller;

/** What is asked before an operation acts. */
export interface AuthorizationRequest {
  readonly caller: Caller;
  /** Such as `sqs:SendMessage`. */
  readonly action: string;
  /** ARN of the resource, or `*`. */
  readonly resource: string;
  /** Condition keys, such as `aws:SecureTransport`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Throws an AccessDenied error if the caller may not do it. */
export type Authorize = (request: AuthorizationRequest) => void;
