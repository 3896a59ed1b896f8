import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answering } from '../../shipped-functions/handler/answer';
import { PlatformApplications } from './platform-applications';

const applications = new PlatformApplications({
  sns: new SNSClient({}),
  secrets: new SecretsManagerClient({}),
});

/** Makes, changes and deletes platform applications for CloudFormation. */
export const handler = (event: CloudFormationCustomResourceEvent): Promise<void> =>
  answering(event, () => applications.handle(event));
