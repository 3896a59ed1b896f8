import { ServiceError } from '../../protocol/errors';
import type { CallContext } from '../../protocol/handlers';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import { parameterOperations } from './operations';
import { ParameterStore } from './parameter-store';
import { ssmResources } from './resources';
import type { SecureStringKeys } from './secure-string-keys';

export { publicImages } from './public-parameters';
export type { KeyUser, SecureStringKeys } from './secure-string-keys';

/** AWS Systems Manager, as far as Parameter Store goes. */
export interface SsmService extends Service<typeof import('@aws-sdk/client-ssm')> {
  /**
   * A parameter's value as CloudFormation's SSM-typed parameters and `{{resolve:ssm:…}}` read it.
   *
   * @param name - may carry `:version`
   * @throws ServiceError ParameterNotFound, ParameterVersionNotFound, or ValidationException for a SecureString
   */
  resolveParameter(name: string, account: string, region: string): string;
  /**
   * Lets `/cdk-bootstrap/hnb659fds/version`, which stacks of the CDK check for, be found although
   * nobody has run `cdk bootstrap`; who runs it afterwards finds nothing in the way.
   */
  seedBootstrap(account: string, region: string): void;
}

const bootstrapParameter = '/cdk-bootstrap/hnb659fds/version';
const bootstrapVersion = '30';

/**
 * Makes the service.
 *
 * @param keys - KMS, for `SecureString` parameters
 */
export function createSsm(env: ServiceEnvironment, keys: SecureStringKeys): SsmService {
  const stores = new Regional(
    (account, region) => new ParameterStore(account, region, env.clock, keys),
  );
  return {
    signingName: 'ssm',
    loadClient: () => require('@aws-sdk/client-ssm'),
    handlers: parameterOperations((context: CallContext) =>
      stores.in(context.account, context.region),
    ),
    resourceProviders: ssmResources(env, stores),
    resolveParameter(name, account, region) {
      const { version } = stores.in(account, region).resolve(name);
      if (version.type === 'SecureString')
        throw new ServiceError(
          'ValidationException',
          `Parameter ${name} is a SecureString, which cannot be resolved here.`,
        );
      return version.value;
    },
    seedBootstrap(account, region) {
      stores.in(account, region).setFallback(bootstrapParameter, bootstrapVersion);
    },
    leaks: () =>
      stores
        .all()
        .flatMap((store) => store.all())
        .map((parameter) => `SSM parameter ${parameter.arn}`),
    stop: async () => {},
  };
}
