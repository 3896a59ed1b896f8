import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tells cdk-nag that a wildcard at the end of a resource's ARN is meant.
 *
 * cdk-nag takes an acknowledgement for the text that it makes of the ARN, references included. A reference to another stack becomes an
 * import when the app is synthesised, and then has another text: it is acknowledged once more, by what it is then.
 *
 * @param resource - as it is in the policy
 */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  const acknowledge = () =>
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${textOf(Stack.of(scope).resolve(resource))}]`,
      reason,
    });
  acknowledge();
  scope.node.addValidation({
    validate: () => {
      acknowledge();
      return [];
    },
  });
}

/** Functions of CloudFormation as cdk-nag writes them: `<Bucket.Arn>/*`. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  if ('Ref' in value) return `<${textOf(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) {
    return `<${value['Fn::GetAtt'].map(textOf).join('.')}>`;
  }
  if ('Fn::ImportValue' in value) return textOf(value['Fn::ImportValue']);
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [delimiter, parts] = value['Fn::Join'];
    return Array.isArray(parts) ? parts.map(textOf).join(textOf(delimiter)) : '';
  }
  return JSON.stringify(value);
}
