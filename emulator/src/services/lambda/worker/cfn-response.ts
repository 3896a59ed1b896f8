import http from 'node:http';
import https from 'node:https';

/** What an inline function's `require('cfn-response')` gives, as Lambda provides it for code in a template. */
export const SUCCESS = 'SUCCESS';
export const FAILED = 'FAILED';

interface CustomResourceEvent {
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResponseURL: string;
}

interface HandlerContext {
  readonly logStreamName: string;
  done?(): void;
}

/**
 * Answers CloudFormation on behalf of a custom resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 */
export function send(
  event: CustomResourceEvent,
  context: HandlerContext,
  responseStatus: string,
  responseData?: object,
  physicalResourceId?: string,
  noEcho = false,
): Promise<void> {
  const body = JSON.stringify({
    Status: responseStatus,
    Reason: `See the details in CloudWatch Log Stream: ${context.logStreamName}`,
    PhysicalResourceId: physicalResourceId ?? context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho,
    Data: responseData,
  });
  const url = new URL(event.ResponseURL);
  const { request } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve) => {
    const finish = (): void => {
      context.done?.();
      resolve();
    };
    const put = request(url, {
      method: 'PUT',
      headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
    });
    put.on('response', (response) => {
      response.resume();
      response.on('end', finish);
    });
    put.on('error', (error) => {
      console.log(`send(..) failed executing request(..): ${error.message}`);
      finish();
    });
    put.end(body);
  });
}
