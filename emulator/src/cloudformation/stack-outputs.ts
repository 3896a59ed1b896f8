import { evaluateSome } from './intrinsics';
import type { Stack, StackOutput } from './stack';
import type { StackScope } from './stack-scope';
import type { StackStore } from './stack-store';
import type { Template } from './template';
import { validationError } from './template-errors';
import { isScalar } from './values';

/**
 * What a template's outputs come to, once the stack's resources are there.
 *
 * @throws ServiceError `ValidationError` if an output is no text, if another stack exports the same name, or if an
 *   export that others import would go or change.
 */
export function stackOutputs(
  stack: Stack,
  template: Template,
  scope: StackScope,
  stacks: StackStore,
): StackOutput[] {
  const { account, region } = stack.identity;
  const taken = new Map(
    stacks
      .exports(account, region)
      .filter(({ exportingStackId }) => exportingStackId !== stack.id)
      .map((one) => [one.name, one.exportingStackId]),
  );
  const shown = withoutEcho(stack, scope);
  const outputs = template.outputs.flatMap(({ condition, description, exportName, key, value }) => {
    if (condition !== undefined && scope.condition(condition) === false) return [];
    const text = evaluateSome(value, shown);
    if (!isScalar(text)) {
      throw validationError(
        `Template format error: The Value field of every Outputs member must evaluate to a String (${key}).`,
      );
    }
    const exported = exportName === undefined ? undefined : evaluateSome(exportName, shown);
    const name = exported === undefined ? undefined : String(exported);
    if (name !== undefined) {
      const other = taken.get(name);
      if (other !== undefined) {
        throw validationError(
          `Export with name ${name} is already exported by stack ${other.split('/')[1]}.`,
        );
      }
      taken.set(name, stack.id);
    }
    return [{ key, value: String(text), description, exportName: name }];
  });
  keepImportedExports(stack, outputs, stacks);
  return outputs;
}

/**
 * The scope of outputs: they show asterisks for what a custom resource has answered with `NoEcho`.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export function withoutEcho(stack: Stack, scope: StackScope): StackScope {
  return scope.masking((logicalId) => stack.resource(logicalId)?.state?.noEcho === true);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html */
function keepImportedExports(
  stack: Stack,
  outputs: readonly StackOutput[],
  stacks: StackStore,
): void {
  const { account, region } = stack.identity;
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const after = outputs.find((one) => one.exportName === exportName);
    if (after?.value === value) continue;
    const importers = stacks.importers(exportName, account, region);
    if (importers.length === 0) continue;
    throw validationError(
      `Export ${exportName} cannot be ${after ? 'updated' : 'deleted'} as it is in use by ${importers.join(', ')}`,
    );
  }
}
