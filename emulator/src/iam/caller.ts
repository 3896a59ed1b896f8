/** An administrator of an account: any 12-digit access key id is the one of that account. */
export interface DeveloperCaller {
  readonly kind: 'developer';
  readonly account: string;
  readonly arn: string;
  /** ARN of a role that policies may name for it: on AWS it would act as that. */
  readonly standsFor?: string;
}

/** A session of a role: a function, an instance, or the result of AssumeRole. */
export interface RoleSessionCaller {
  readonly kind: 'role-session';
  readonly account: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly arn: string;
  readonly roleArn: string;
  readonly sessionName: string;
  /** What the session was limited to when it was opened. */
  readonly sessionPolicies?: readonly SessionPolicy[];
  /** Tags that the session was opened with; they go before those of the role. */
  readonly tags?: ReadonlyMap<string, string>;
}

/** A policy that limits one session of a role. */
export interface SessionPolicy {
  readonly name: string;
  /** Of a managed policy. */
  readonly arn?: string;
  /** JSON. */
  readonly document: string;
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
  readonly context?: ConditionKeys;
  /** The call that it is asked for. @default - something that the emulator does by itself */
  readonly call?: AuthorizedCall;
}

/** What is known of a call, whatever it is for. */
export interface AuthorizedCall {
  /** The service that is called, such as `sqs`: it words the denial. */
  readonly service: string;
  /** By which the answer can be explained afterwards. */
  readonly requestId: string;
  readonly region: string;
  /** `aws:SecureTransport` */
  readonly secureTransport: boolean;
  readonly userAgent: string | undefined;
}

/** Condition keys of a request with their values, of which some have several. */
export type ConditionKeys = Readonly<Record<string, string | readonly string[]>>;

/** Throws an AccessDenied error if the caller may not do it. */
export type Authorize = (request: AuthorizationRequest) => void;
