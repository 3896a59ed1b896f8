import { summariseLevels } from './cloudformation/level-summary';
import type { SupportLevel } from './cloudformation/provider';
import type { Stack } from './cloudformation/stack';

/** How many resources of one type a deployment has, and how much of the type is emulated. */
export interface DeployedType {
  readonly type: string;
  readonly level: SupportLevel;
  /** Whether the type is recorded only because `allowRecorded` lets it. */
  readonly allowedOnly?: boolean;
  readonly count: number;
}

/** What came of deploying a stack or an app. */
export class Deployment {
  /** @param stacks - in the order of their deployment */
  constructor(private readonly stacks: readonly Stack[]) {}

  /** Names of the stacks, in the order of their deployment. */
  get stackNames(): string[] {
    return this.stacks.map((stack) => stack.name);
  }

  /**
   * The value of an output.
   *
   * @param key - the output's key in its template; where several stacks have one of that name, `Stack:Key`
   * @throws Error naming the outputs that there are.
   */
  output(key: string): string {
    const outputs = this.outputs();
    const exact = outputs.filter((output) => `${output.stack}:${output.key}` === key);
    const found = exact.length > 0 ? exact : outputs.filter((output) => output.key === key);
    const [first] = found;
    if (first && found.length === 1) return first.value;
    const names = (found.length > 1 ? found : outputs)
      .map((output) => (found.length > 1 ? `${output.stack}:${output.key}` : output.key))
      .join(', ');
    throw new Error(
      found.length > 1
        ? `Several stacks have an output ${key}; ask for one of ${names}`
        : `There is no output ${key}; there are ${names || 'none'}`,
    );
  }

  /**
   * The physical id (what `Ref` returns) of a resource.
   *
   * @param logicalId - its logical id in its template
   * @throws Error if no stack has it.
   */
  physicalId(logicalId: string): string {
    for (const stack of this.stacks) {
      const resource = stack.resources().find((one) => one.logicalId === logicalId);
      if (resource?.state) return resource.state.physicalId;
    }
    throw new Error(`There is no resource ${logicalId} in ${this.stackNames.join(', ')}`);
  }

  /** Every resource type deployed, with its level: `recorded` ones do nothing. */
  levels(): DeployedType[] {
    return summariseLevels(this.stacks.flatMap((stack) => stack.levels()));
  }

  /**
   * How much of what was deployed is emulated, in one line, such as
   * `12 resources: 7 emulated, 5 recorded (AWS::CloudWatch 3, AWS::EC2 2)`; what is recorded only because
   * `allowRecorded` lets it is counted apart.
   */
  summary(): string {
    const total = countOf(this.levels());
    const { emulated, recorded, allowed } = this.grouped();
    return `${total} ${total === 1 ? 'resource' : 'resources'}: ${[
      `${countOf(emulated)} emulated`,
      `${countOf(recorded)} recorded${byService(recorded)}`,
      ...(allowed.length > 0
        ? [`${countOf(allowed)} recorded only because allowed${byService(allowed)}`]
        : []),
    ].join(', ')}`;
  }

  /** {@link levels} as text for a person, one line a level. */
  toString(): string {
    const { emulated, recorded, allowed } = this.grouped();
    const line = (level: string, types: readonly DeployedType[]): string => {
      const names = types.map(({ type, count }) => (count > 1 ? `${type} (${count})` : type));
      return `\n  ${level}: ${names.join(', ') || 'none'}`;
    };
    return [
      this.stackNames.join(', '),
      line('emulated', emulated),
      line('recorded', recorded),
      allowed.length > 0 ? line('recorded only because allowed', allowed) : '',
    ].join('');
  }

  private grouped() {
    const levels = this.levels();
    return {
      emulated: levels.filter(({ level }) => level === 'emulated'),
      recorded: levels.filter((one) => one.level === 'recorded' && !one.allowedOnly),
      allowed: levels.filter(({ allowedOnly }) => allowedOnly),
    };
  }

  private outputs(): { stack: string; key: string; value: string }[] {
    return this.stacks.flatMap((stack) =>
      stack.outputs.map(({ key, value }) => ({ stack: stack.name, key, value })),
    );
  }
}

function countOf(types: readonly DeployedType[]): number {
  return types.reduce((sum, { count }) => sum + count, 0);
}

/** Such as ` (AWS::CloudWatch 3, AWS::EC2 2)`; nothing if there is none. */
function byService(types: readonly DeployedType[]): string {
  const counts = new Map<string, number>();
  for (const { type, count } of types) {
    const service = type.split('::').slice(0, 2).join('::');
    counts.set(service, (counts.get(service) ?? 0) + count);
  }
  const parts = [...counts].map(([service, count]) => `${service} ${count}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
