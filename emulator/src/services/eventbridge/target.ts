import { acceptOnly } from '../accepted-parameters';
import type { BusEvent } from './bus-event';
import { invalid } from './errors';
import type { GivenTarget } from './given-target';
import { InputTemplate, type TemplateSurroundings } from './input-template';
import { JsonPath } from './json-path';
import { checkTargetArn, type TargetKind } from './target-kinds';

/** How long and how often a delivery is tried again. */
export interface RetryLimits {
  readonly attempts: number;
  /** Milliseconds from the event's arrival. */
  readonly age: number;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html */
const defaultAttempts = 185;
const defaultAge = 86_400;
const longestInput = 8_192;

/** Where a rule sends its events. */
export class Target {
  readonly kind: TargetKind;
  readonly retries: RetryLimits;
  private readonly input: (event: BusEvent, surroundings: TemplateSurroundings) => string;

  /**
   * @throws ServiceError ValidationException; NotImplemented for what the emulator cannot send to
   */
  constructor(readonly given: GivenTarget) {
    acceptOnly('events.PutTargets', given, [
      'Arn',
      'DeadLetterConfig',
      'Id',
      'Input',
      'InputPath',
      'InputTransformer',
      'RetryPolicy',
      'RoleArn',
      'SqsParameters',
    ]);
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(given.Id))
      throw invalid(`Parameter Id is not valid. Reason: ${given.Id} is no id of a target.`);
    this.kind = checkTargetArn(given);
    this.retries = retriesOf(given);
    checkDeadLetterQueue(given);
    this.input = inputOf(given);
  }

  get id(): string {
    return this.given.Id;
  }

  get arn(): string {
    return this.given.Arn;
  }

  /** The queue for what cannot be delivered. */
  get deadLetterQueue(): string | undefined {
    return this.given.DeadLetterConfig?.Arn;
  }

  /** What of an event the target gets. */
  inputFor(event: BusEvent, surroundings: TemplateSurroundings): string {
    return this.input(event, surroundings);
  }
}

function retriesOf({ Id: id, RetryPolicy: policy }: GivenTarget): RetryLimits {
  const { MaximumRetryAttempts: attempts = defaultAttempts, MaximumEventAgeInSeconds: age } =
    policy ?? {};
  if (attempts < 0 || attempts > 185)
    throw invalid(`MaximumRetryAttempts of target ${id} must be between 0 and 185.`);
  if (age !== undefined && (age < 60 || age > 86_400))
    throw invalid(`MaximumEventAgeInSeconds of target ${id} must be between 60 and 86400.`);
  return { attempts, age: (age ?? defaultAge) * 1000 };
}

function checkDeadLetterQueue({ Id: id, DeadLetterConfig: config }: GivenTarget): void {
  const arn = config?.Arn;
  if (arn === undefined) return;
  if (!/^arn:[^:]+:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/.test(arn))
    throw invalid(`Parameter DeadLetterConfig of target ${id} is not the ARN of an SQS queue.`);
  if (arn.endsWith('.fifo'))
    throw invalid(`Parameter DeadLetterConfig of target ${id} must be a standard SQS queue.`);
}

function inputOf(
  given: GivenTarget,
): (event: BusEvent, surroundings: TemplateSurroundings) => string {
  const { Id: id, Input: input, InputPath: path, InputTransformer: transformer } = given;
  if ([input, path, transformer].filter((one) => one !== undefined).length > 1)
    throw invalid(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`,
    );
  if (input !== undefined) {
    checkInput(id, input);
    return () => input;
  }
  if (path !== undefined) {
    const compiled = new JsonPath(path, `InputPath of target ${id}`);
    return ({ document }) => JSON.stringify(compiled.find(document) ?? null);
  }
  if (transformer) {
    const template = new InputTemplate(id, transformer.InputTemplate, transformer.InputPathsMap);
    return (event, surroundings) => template.render(event, surroundings);
  }
  return ({ text }) => text;
}

function checkInput(id: string, input: string): void {
  if (input.length > longestInput) throw invalid(`Input of target ${id} is too long.`);
  try {
    JSON.parse(input);
  } catch {
    throw invalid(`JSON syntax error in input for target ${id}`);
  }
}
