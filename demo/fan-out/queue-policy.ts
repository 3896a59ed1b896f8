import {
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

interface Policy {
  readonly Statement: readonly { readonly Principal?: unknown }[];
}

/**
 * Takes out of a queue's policy what lets SNS send to it, as a mistake in a console would.
 *
 * @returns what puts the policy back
 */
export async function lockOutSns(sqs: SQSClient, QueueUrl: string): Promise<() => Promise<void>> {
  const setPolicy = async (policy: string): Promise<void> => {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: policy } }));
  };
  const { Attributes: { Policy: before = '' } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
  );
  const policy = JSON.parse(before) as Policy;
  const Statement = policy.Statement.filter(
    ({ Principal }) => !JSON.stringify(Principal).includes('sns.amazonaws.com'),
  );
  await setPolicy(JSON.stringify({ ...policy, Statement }));
  return () => setPolicy(before);
}
