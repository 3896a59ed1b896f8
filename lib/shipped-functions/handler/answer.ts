import type {
  CloudFormationCustomResourceEvent,
  CloudFormationCustomResourceResponse,
} from 'aws-lambda';

/** Physical id of what could not be created: there is nothing to delete under it. */
const NOT_CREATED = 'not-created';

/** CloudFormation takes 4,096 bytes for a whole answer. */
const LONGEST_REASON = 1_000;

/**
 * Does something for CloudFormation, and tells it how that went.
 *
 * @param work - returns the physical id
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function answering(
  event: CloudFormationCustomResourceEvent,
  work: () => Promise<string>,
): Promise<void> {
  await put(event.ResponseURL, await responseTo(event, work));
}

async function responseTo(
  event: CloudFormationCustomResourceEvent,
  work: () => Promise<string>,
): Promise<CloudFormationCustomResourceResponse> {
  const { LogicalResourceId, RequestId, StackId } = event;
  const request = { LogicalResourceId, RequestId, StackId };
  try {
    return { ...request, PhysicalResourceId: await work(), Status: 'SUCCESS' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it failed';
    console.error(`${event.RequestType} failed: ${reason}`);
    return {
      ...request,
      PhysicalResourceId: event.RequestType === 'Create' ? NOT_CREATED : event.PhysicalResourceId,
      Status: 'FAILED',
      Reason: reason.slice(0, LONGEST_REASON),
    };
  }
}

/** The URL is signed for a request without a content type. */
async function put(url: string, response: CloudFormationCustomResourceResponse): Promise<void> {
  const { ok, status } = await fetch(url, {
    method: 'PUT',
    body: Buffer.from(JSON.stringify(response)),
    headers: { 'content-type': '' },
  });
  if (!ok) throw new Error(`CloudFormation did not take the answer: HTTP status ${status}`);
}
