import {
  AssociateKmsKeyCommand,
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DisassociateKmsKeyCommand,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { LogSettings } from '../log-settings';

/** Gives the log groups of a broker their retention and key, whether Amazon MQ has made them yet or not. */
export class LogGroups {
  constructor(private readonly client: Pick<CloudWatchLogsClient, 'send'>) {}

  /**
   * Does what CloudFormation asks for. Groups stay when the resource goes: what a broker logged last is what one wants to read then.
   *
   * @returns the physical id
   */
  public async handle(event: CloudFormationCustomResourceEvent): Promise<string> {
    if (event.RequestType === 'Delete') return event.PhysicalResourceId;
    const settings = settingsOf(event.ResourceProperties);
    const hadKey =
      event.RequestType === 'Update' &&
      settingsOf(event.OldResourceProperties).KmsKeyId !== undefined;
    for (const name of settings.LogGroupNames) await this.setUp(name, settings, hadKey);
    return settings.LogGroupNames.join(',');
  }

  private async setUp(
    logGroupName: string,
    { KmsKeyId, RetentionInDays }: LogSettings,
    hadKey: boolean,
  ): Promise<void> {
    await this.make(logGroupName);
    if (RetentionInDays === undefined) {
      await this.client.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    } else {
      const retentionInDays = Number(RetentionInDays);
      await this.client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    }
    if (KmsKeyId !== undefined) {
      await this.client.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId: KmsKeyId }));
    } else if (hadKey) {
      await this.client.send(new DisassociateKmsKeyCommand({ logGroupName }));
    }
  }

  /** Amazon MQ makes them too, with the rights of whoever makes the broker, which may be none. */
  private async make(logGroupName: string): Promise<void> {
    try {
      await this.client.send(new CreateLogGroupCommand({ logGroupName }));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
  }
}

function settingsOf(properties: Readonly<Record<string, unknown>>): LogSettings {
  const { KmsKeyId, LogGroupNames, RetentionInDays } = properties;
  return {
    LogGroupNames: Array.isArray(LogGroupNames) ? LogGroupNames.map(String) : [],
    RetentionInDays: RetentionInDays === undefined ? undefined : String(RetentionInDays),
    KmsKeyId: KmsKeyId === undefined ? undefined : String(KmsKeyId),
  };
}
