import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import type { RandomSource } from '../random/random';
import type { ValueResolvers } from './dynamic-references';
import type { Imports, ResourceToImport } from './imports';
import { type AuthorizeStackOutput, type OtherStacks, otherStacks } from './other-stacks';
import type { ProviderRegistry } from './provider-registry';
import type { OperationContext } from './resource-request';
import type { Stack, StackDefinition } from './stack';
import type { PreparedStack } from './stack-preparation';
import type { StackStore } from './stack-store';
import type { UpdateRollback } from './update-rollback';
import type { PartialValue } from './values';

/** What creating and updating have in common. */
export interface StackRequest {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
  /** The role that the caller is, which the stack keeps. @default - the one it has */
  readonly roleArn?: string;
  /** What the call names the operation. */
  readonly clientRequestToken?: string;
  /** ARNs of the topics that are told of the stack's events. @default - those it has */
  readonly notificationArns?: readonly string[];
  /** Where the caller reaches the emulator, such as `http://127.0.0.1:4566`. */
  readonly origin: string;
  /** Unresolved ones are of a preview: a nested stack's parameters may hang on what its parent creates. */
  readonly parameters?: Readonly<Record<string, PartialValue>>;
  /** @default - all are granted */
  readonly capabilities?: readonly string[];
  /** Whether it is deployed in CloudFormation's express mode, which is shown and handed on to nested stacks. @default false */
  readonly express?: boolean;
  /** New resources of the template that exist already, and become the stack's. @default - none */
  readonly imports?: Imports;
}

/** A stack to create. */
export interface CreateStackRequest extends StackRequest {
  /** JSON or YAML. */
  readonly template: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** What a failure leaves: nothing but the stack itself, not even that, or all that was made. @default 'ROLLBACK' */
  readonly onFailure?: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  /** @default false */
  readonly terminationProtection?: boolean;
}

/** A stack to update; `name` may be its id. */
export interface UpdateStackRequest extends StackRequest {
  /** JSON or YAML. @default - the one it has */
  readonly template?: string;
  /** @default - those it has */
  readonly tags?: Readonly<Record<string, string>>;
  /** Parameters that keep the value they have; `all` keeps every one that is not given. @default - none */
  readonly previousParameters?: readonly string[] | 'all';
  /** Whether a failure leaves everything as it is, until the stack is rolled back by a call. @default false */
  readonly disableRollback?: boolean;
}

/** Resources to import into a stack, be it a new one. */
export interface ImportStackRequest extends CreateStackRequest {
  readonly resources: readonly ResourceToImport[];
  /** Parameters that keep the value they have. @default - none */
  readonly previousParameters?: readonly string[];
}

/** Work on a stack that has begun. */
export interface StackOperation {
  readonly stack: Stack;
  /** Resolves once it is done; rejects with a `StackFailedError` if it failed. */
  readonly finished: Promise<Stack>;
}

/** What operations on stacks work with. */
export interface EngineContext {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly resolvers: ValueResolvers;
  readonly providers: ProviderRegistry;
  readonly stacks: StackStore;
  readonly authorizeStackOutput?: AuthorizeStackOutput;
  /** Of stacks in `UPDATE_FAILED` or `UPDATE_ROLLBACK_FAILED`, by id. */
  readonly unfinishedRollbacks: Map<string, UpdateRollback>;
}

/** The part of a request that providers see. */
export function operationContext(
  engine: EngineContext,
  { caller, imports = new Map(), origin }: Pick<StackRequest, 'caller' | 'imports' | 'origin'>,
  stackTags: Readonly<Record<string, string>>,
): OperationContext {
  const { clock, random, resolvers } = engine;
  return { clock, random, resolvers, caller, origin, stackTags, imports };
}

/** Other stacks as a stack may read them while a caller works on it. */
export function stacksForCaller(
  { identity }: Stack,
  caller: Caller,
  { authorizeStackOutput, stacks }: EngineContext,
): OtherStacks {
  return otherStacks(stacks, identity, (stackId, roleArn) =>
    authorizeStackOutput?.({ caller, roleArn, stackId }),
  );
}

/** What a stack is from now on. */
export function definitionOf(
  prepared: PreparedStack,
  tags: Readonly<Record<string, string>>,
  { capabilities, express = false }: Pick<StackRequest, 'capabilities' | 'express'>,
  disableRollback: boolean,
): StackDefinition {
  return {
    template: prepared.template,
    parameters: [...prepared.parameters.values()],
    tags,
    capabilities: capabilities ?? [],
    disableRollback,
    express,
    imports: prepared.plan.imports,
    dependencies: prepared.plan.dependencies,
  };
}
