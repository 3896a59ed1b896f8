import type { Stack } from './stack';
import { validationError } from './template-errors';

/** An output that other stacks of the same account and region may import. */
export interface StackExport {
  readonly name: string;
  readonly value: string;
  readonly exportingStackId: string;
}

/** All stacks, deleted ones included: those are found by id only, as on AWS. */
export class StackStore {
  private readonly byId = new Map<string, Stack>();

  add(stack: Stack): void {
    this.byId.set(stack.id, stack);
  }

  /** All that have not been deleted, oldest first. */
  existing(): Stack[] {
    return [...this.byId.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  }

  in(account: string, region: string): Stack[] {
    return this.existing().filter(
      ({ identity }) => identity.account === account && identity.region === region,
    );
  }

  /** The stack of that name, or of that id even if it has been deleted. */
  find(nameOrId: string, account: string, region: string): Stack | undefined {
    const byId = this.byId.get(nameOrId);
    if (byId) return byId;
    return this.in(account, region).find(({ name }) => name === nameOrId);
  }

  /** @throws ServiceError `ValidationError` if there is none. */
  get(nameOrId: string, account: string, region: string): Stack {
    const stack = this.find(nameOrId, account, region);
    if (!stack) throw validationError(`Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  /** The stack that a resource belongs to. */
  ownerOf(type: string, physicalId: string, account: string, region: string): Stack | undefined {
    return this.in(account, region).find((stack) =>
      stack
        .resources()
        .some(
          (one) =>
            one.type === type &&
            one.state?.physicalId === physicalId &&
            !/^DELETE_(COMPLETE|SKIPPED)$/.test(one.status),
        ),
    );
  }

  exports(account: string, region: string): StackExport[] {
    return this.in(account, region).flatMap((stack) =>
      stack.outputs.flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ name: exportName, value, exportingStackId: stack.id }],
      ),
    );
  }

  /** Names of the stacks that import an export. */
  importers(exportName: string, account: string, region: string): string[] {
    return this.in(account, region)
      .filter(({ identity }) => identity.imports.has(exportName))
      .map(({ name }) => name);
  }
}
