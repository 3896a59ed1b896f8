import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreatePlatformApplicationCommand,
  DeletePlatformApplicationCommand,
  GetPlatformApplicationAttributesCommand,
  NotFoundException,
  SetPlatformApplicationAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type {
  CloudFormationCustomResourceEvent,
  CloudFormationCustomResourceUpdateEvent,
} from 'aws-lambda';
import type { ApplicationProperties } from '../application-properties';
import { type Credentials, readCredentials } from './credentials';

/** What the handler calls. */
export interface Clients {
  readonly sns: Pick<SNSClient, 'send'>;
  readonly secrets: Pick<SecretsManagerClient, 'send'>;
}

/** Makes platform applications what the properties of their resources say. */
export class PlatformApplications {
  constructor(private readonly clients: Clients) {}

  /**
   * Does what CloudFormation asks for.
   *
   * @returns ARN of the application, which is its physical id: another one makes CloudFormation delete the old one
   * @throws Error without any secret in its message
   */
  public async handle(event: CloudFormationCustomResourceEvent): Promise<string> {
    const properties = propertiesOf(event.ResourceProperties);
    switch (event.RequestType) {
      case 'Create':
        return this.create(event, properties);
      case 'Update':
        return this.update(event, properties);
      case 'Delete':
        await this.delete(event.PhysicalResourceId);
        return event.PhysicalResourceId;
    }
  }

  /**
   * CreatePlatformApplication answers with an application that exists as if it had made it. One that is not ours must
   * neither be changed nor, when the stack goes, deleted.
   */
  private async create(
    event: CloudFormationCustomResourceEvent,
    properties: ApplicationProperties,
  ): Promise<string> {
    const { Attributes, Name, Platform } = properties;
    if (await this.exists(arnOf(event.StackId, properties))) {
      throw new Error(`there is a platform application ${Name} for ${Platform} already`);
    }
    return this.withCredentials(properties, async (credentials) => {
      const { PlatformApplicationArn = '' } = await this.clients.sns.send(
        new CreatePlatformApplicationCommand({
          Name,
          Platform,
          Attributes: { ...Attributes, ...credentials },
        }),
      );
      return PlatformApplicationArn;
    });
  }

  /** Neither name nor platform can be changed; all else can, and an attribute is taken away by an empty text. */
  private async update(
    event: CloudFormationCustomResourceUpdateEvent,
    properties: ApplicationProperties,
  ): Promise<string> {
    const old = propertiesOf(event.OldResourceProperties);
    if (old.Name !== properties.Name || old.Platform !== properties.Platform) {
      return this.create(event, properties);
    }
    const { PhysicalResourceId: PlatformApplicationArn } = event;
    const gone = Object.keys(old.Attributes).filter((name) => !(name in properties.Attributes));
    return this.withCredentials(properties, async (credentials) => {
      await this.clients.sns.send(
        new SetPlatformApplicationAttributesCommand({
          PlatformApplicationArn,
          Attributes: {
            ...Object.fromEntries(gone.map((name) => [name, ''])),
            ...properties.Attributes,
            ...credentials,
          },
        }),
      );
      return PlatformApplicationArn;
    });
  }

  /** What was never made has no ARN. SNS takes it for done if the application is gone already. */
  private async delete(physicalId: string): Promise<void> {
    if (!physicalId.startsWith('arn:')) return;
    await this.clients.sns.send(
      new DeletePlatformApplicationCommand({ PlatformApplicationArn: physicalId }),
    );
  }

  private async exists(PlatformApplicationArn: string): Promise<boolean> {
    try {
      await this.clients.sns.send(
        new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn }),
      );
      return true;
    } catch (error) {
      if (error instanceof NotFoundException) return false;
      throw error;
    }
  }

  /** Whatever SNS says of credentials that it does not take, they are not in the message that goes on. */
  private async withCredentials(
    properties: ApplicationProperties,
    use: (credentials: Credentials) => Promise<string>,
  ): Promise<string> {
    const credentials = await readCredentials(this.clients.secrets, properties);
    try {
      return await use(credentials);
    } catch (error) {
      let message = error instanceof Error ? `${error.name}: ${error.message}` : 'it failed';
      for (const secret of Object.values(credentials)) message = message.replaceAll(secret, '***');
      throw new Error(message);
    }
  }
}

/** Properties of custom resources are untyped, and all of their values text. */
function propertiesOf(properties: Readonly<Record<string, unknown>>): ApplicationProperties {
  const { Attributes, Name, Platform, SecretArn, Source } = properties;
  const { credentialKey, principalKey } = textsOf(Source);
  return {
    Name: String(Name),
    Platform: String(Platform),
    SecretArn: String(SecretArn),
    Source: {
      ...(credentialKey !== undefined && { credentialKey }),
      ...(principalKey !== undefined && { principalKey }),
    },
    Attributes: textsOf(Attributes),
  };
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, text]) => [name, String(text)]),
  );
}

/** In the account and region of the stack: its ARN says which. */
function arnOf(stackId: string, { Name, Platform }: ApplicationProperties): string {
  const [, partition, , region, account] = stackId.split(':');
  return `arn:${partition}:sns:${region}:${account}:app/${Platform}/${Name}`;
}
