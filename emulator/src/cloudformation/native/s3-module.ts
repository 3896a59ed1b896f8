/** The SDK's S3 module, loaded when it is first needed. */
export function s3Module(): typeof import('@aws-sdk/client-s3') {
  return require('@aws-sdk/client-s3');
}
