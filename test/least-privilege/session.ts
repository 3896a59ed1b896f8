import { STS } from '@aws-sdk/client-sts';
import type { Emulator } from 'cdk-decouple-emulator';

/**
 * Opens a session of a role that its account may assume.
 *
 * @returns what a client takes in place of an account to call as that role
 */
export async function sessionOf(aws: Emulator, RoleArn: string): Promise<string> {
  const { Credentials } = await aws.client(STS).assumeRole({ RoleArn, RoleSessionName: 'test' });
  return Credentials?.AccessKeyId ?? '';
}
