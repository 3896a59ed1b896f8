import { PropertyReader, type ResourceProvider } from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import { unsupportedProperties } from '../../accepted-parameters';
import type { Regional } from '../../service';
import { parseFunctionName } from '../function-arn';
import type { LambdaRegion } from '../lambda-region';
import { policyFor, qualified } from '../operations/permission-operations';
import { livePermission } from './live-properties';

const type = 'AWS::Lambda::Permission';

/** `AWS::Lambda::Permission`: a statement of a function's policy; its id is generated. */
export function permissionResource(
  regions: Regional<LambdaRegion>,
  authorize: Authorize,
): ResourceProvider {
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, [
        'Action',
        'FunctionName',
        'Principal',
        'PrincipalOrgID',
        'SourceAccount',
        'SourceArn',
      ]),
    async create(request) {
      const { functions } = regions.in(request.account, request.region);
      const properties = new PropertyReader(request.properties);
      const { fn, qualifier } = functions.get(properties.requiredString('FunctionName'));
      authorize({ caller: request.caller, action: 'lambda:AddPermission', resource: fn.arn });
      const statementId = request.generateName(100);
      policyFor(fn, qualifier).add(
        {
          statementId,
          action: properties.requiredString('Action'),
          principal: properties.requiredString('Principal'),
          sourceArn: properties.string('SourceArn'),
          sourceAccount: properties.string('SourceAccount'),
          principalOrgId: properties.string('PrincipalOrgID'),
        },
        qualified(fn, qualifier),
      );
      return { physicalId: statementId, attributes: { Id: statementId } };
    },
    async delete(request) {
      const { functions } = regions.in(request.account, request.region);
      const target = new PropertyReader(request.properties).requiredString('FunctionName');
      const { name, qualifier } = parseFunctionName(target);
      const fn = functions.find(name);
      const policy = fn?.policies.get(qualifier ?? '');
      if (!fn || !policy) return;
      authorize({ caller: request.caller, action: 'lambda:RemovePermission', resource: fn.arn });
      policy.remove(request.physicalId);
      if (policy.empty) fn.policies.delete(qualifier ?? '');
    },
    async read(request) {
      const { functions } = regions.in(request.account, request.region);
      const target = new PropertyReader(request.properties).requiredString('FunctionName');
      const { name, qualifier } = parseFunctionName(target);
      const policy = functions.find(name)?.policies.get(qualifier ?? '');
      const statement = policy?.find(request.physicalId);
      return statement && livePermission(statement, request);
    },
  };
}
