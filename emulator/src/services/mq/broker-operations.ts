import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import type { Regional } from '../service';
import type { Broker } from './broker';
import { checkMinorUpgrades, logSettings } from './broker-definition';
import { checkCombination, versionOf } from './catalog';
import { describeBroker, type MqApi, summarizeBroker } from './descriptions';
import { badRequest } from './errors';
import type { MqRegion } from './mq-region';

/** Operations on brokers. */
export function brokerOperations(regions: Regional<MqRegion>) {
  const regionOf = ({ account, region }: CallContext) => regions.in(account, region);
  const brokerFor = (context: CallContext, id: string): Broker => {
    const region = regionOf(context);
    context.authorize(`mq:${context.operation}`, region.brokerArn(id));
    return region.broker(id);
  };

  return {
    CreateBroker(input, context) {
      acceptOnly('CreateBroker', input, [
        'AuthenticationStrategy',
        'AutoMinorVersionUpgrade',
        'BrokerName',
        'Configuration',
        'CreatorRequestId',
        'DataReplicationMode',
        'DeploymentMode',
        'EncryptionOptions',
        'EngineType',
        'EngineVersion',
        'HostInstanceType',
        'Logs',
        'MaintenanceWindowStartTime',
        'PubliclyAccessible',
        'SecurityGroups',
        'StorageType',
        'SubnetIds',
        'Tags',
        'Users',
      ]);
      checkSimple(input.AuthenticationStrategy);
      checkNotReplicated(input.DataReplicationMode);
      context.authorize('mq:CreateBroker', '*');
      const { Configuration: configuration, EncryptionOptions: encryption, Logs: logs } = input;
      const { broker, started } = regionOf(context).createBroker(
        {
          name: input.BrokerName,
          engineType: input.EngineType,
          engineVersion: input.EngineVersion,
          instanceType: input.HostInstanceType,
          deploymentMode: input.DeploymentMode,
          storageType: input.StorageType,
          publiclyAccessible: input.PubliclyAccessible,
          autoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
          configuration: configuration && {
            id: configuration.Id,
            revision: configuration.Revision,
          },
          encryption: encryption && {
            useAwsOwnedKey: encryption.UseAwsOwnedKey,
            kmsKeyId: encryption.KmsKeyId,
          },
          logs: { general: logs?.General, audit: logs?.Audit },
          maintenanceWindow: input.MaintenanceWindowStartTime,
          securityGroups: input.SecurityGroups,
          subnetIds: input.SubnetIds,
          users: (input.Users ?? []).map((user) => {
            if (user.ReplicationUser) throw new NotImplementedError('ReplicationUser of a user');
            return {
              username: user.Username,
              password: user.Password,
              consoleAccess: user.ConsoleAccess ?? false,
              groups: user.Groups ?? [],
            };
          }),
          tags: input.Tags ?? {},
        },
        { atOnce: false, creatorRequestId: input.CreatorRequestId },
      );
      // Why it failed is in the state of the broker, as on AWS.
      started.catch(() => undefined);
      return { BrokerArn: broker.arn, BrokerId: broker.id };
    },

    DescribeBroker(input, context) {
      acceptOnly('DescribeBroker', input, ['BrokerId']);
      return describeBroker(brokerFor(context, input.BrokerId));
    },

    ListBrokers(input, context) {
      acceptOnly('ListBrokers', input, ['MaxResults', 'NextToken']);
      context.authorize('mq:ListBrokers', '*');
      const all = sortedBy(regionOf(context).brokers(), ({ id }) => id);
      const { items, nextToken } = pageOf(
        all,
        ({ id }) => id,
        pageSize(input.MaxResults),
        input.NextToken,
        invalidToken,
      );
      return { BrokerSummaries: items.map(summarizeBroker), NextToken: nextToken };
    },

    UpdateBroker(input, context) {
      acceptOnly('UpdateBroker', input, [
        'AuthenticationStrategy',
        'AutoMinorVersionUpgrade',
        'BrokerId',
        'Configuration',
        'DataReplicationMode',
        'EngineVersion',
        'HostInstanceType',
        'Logs',
        'MaintenanceWindowStartTime',
        'SecurityGroups',
      ]);
      checkSimple(input.AuthenticationStrategy);
      checkNotReplicated(input.DataReplicationMode);
      const broker = brokerFor(context, input.BrokerId);
      updateBroker(regionOf(context), broker, {
        autoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
        configuration: input.Configuration && {
          id: input.Configuration.Id,
          revision: input.Configuration.Revision,
        },
        engineVersion: input.EngineVersion,
        instanceType: input.HostInstanceType,
        logs: input.Logs && { general: input.Logs.General, audit: input.Logs.Audit },
        maintenanceWindow: input.MaintenanceWindowStartTime,
        securityGroups: input.SecurityGroups,
      });
      const { AuthenticationStrategy: _, DataReplicationMode: __, ...changes } = input;
      return changes;
    },

    RebootBroker(input, context) {
      acceptOnly('RebootBroker', input, ['BrokerId']);
      const broker = brokerFor(context, input.BrokerId);
      checkRunning(broker, 'reboot');
      regionOf(context)
        .reboot(broker, false)
        .catch(() => undefined);
      return {};
    },

    DeleteBroker(input, context) {
      acceptOnly('DeleteBroker', input, ['BrokerId']);
      const broker = brokerFor(context, input.BrokerId);
      if (
        broker.state !== 'RUNNING' &&
        broker.state !== 'CREATION_FAILED' &&
        broker.state !== 'CRITICAL_ACTION_REQUIRED'
      )
        checkRunning(broker, 'delete');
      regionOf(context)
        .deleteBroker(broker, false)
        .catch(() => undefined);
      return { BrokerId: broker.id };
    },
  } satisfies Handlers<MqApi>;
}

/** Changes of a broker: some at once, the others at its next reboot. */
export interface BrokerChanges {
  readonly autoMinorVersionUpgrade?: boolean;
  readonly configuration?: Parameters<MqRegion['resolve']>[0];
  readonly engineVersion?: string;
  readonly instanceType?: string;
  readonly logs?: { readonly general?: boolean; readonly audit?: boolean };
  readonly maintenanceWindow?: Broker['definition']['maintenanceWindow'];
  readonly securityGroups?: readonly string[];
}

/** Changes a broker. @throws ServiceError in AWS's words, and nothing is changed. */
export function updateBroker(region: MqRegion, broker: Broker, changes: BrokerChanges): void {
  const { definition, pending } = broker;
  const { deploymentMode, engine, storageType } = definition;
  const version =
    changes.engineVersion === undefined ? undefined : versionOf(engine, changes.engineVersion);
  if (version !== undefined || changes.instanceType !== undefined)
    checkCombination({
      engine,
      version: version ?? definition.engineVersion,
      instanceType: changes.instanceType ?? definition.instanceType,
      storageType,
      deploymentMode,
    });
  if (changes.autoMinorVersionUpgrade !== undefined)
    checkMinorUpgrades(engine, definition.engineVersion, changes.autoMinorVersionUpgrade);
  const configuration = changes.configuration && region.resolve(changes.configuration, engine);
  const logs = changes.logs && logSettings(engine, changes.logs);
  broker.definition = {
    ...definition,
    maintenanceWindow: changes.maintenanceWindow ?? definition.maintenanceWindow,
  };
  if (configuration) pending.configuration = configuration;
  if (version !== undefined) pending.engineVersion = version;
  if (changes.instanceType !== undefined) pending.instanceType = changes.instanceType;
  if (logs) pending.logs = logs;
  if (changes.securityGroups) pending.securityGroups = changes.securityGroups;
}

/** @throws ServiceError `BadRequestException` unless the broker is running */
export function checkRunning({ id, state }: Broker, action: string): void {
  if (state !== 'RUNNING')
    throw badRequest(
      `Can't ${action} broker [${id}] while it is in state [${state}]. The broker must be in state [RUNNING].`,
      'broker-id',
    );
}

/** Items a page: 5 to 100. @throws ServiceError `BadRequestException` */
export function pageSize(asked: number | undefined, byDefault = 20): number {
  const size = asked ?? byDefault;
  if (size < 5 || size > 100)
    throw badRequest(`The maxResults [${size}] must be an integer from 5 to 100.`, 'maxResults');
  return size;
}

/** The error for a token that no list has given out. */
export function invalidToken(): Error {
  return badRequest('The nextToken is invalid.', 'nextToken');
}

function checkSimple(strategy: string | undefined): void {
  if (strategy !== undefined && strategy.toUpperCase() !== 'SIMPLE')
    throw new NotImplementedError(`AuthenticationStrategy ${strategy} of Amazon MQ`);
}

function checkNotReplicated(mode: string | undefined): void {
  if (mode !== undefined && mode !== 'NONE')
    throw new NotImplementedError(`DataReplicationMode ${mode} of Amazon MQ`);
}
