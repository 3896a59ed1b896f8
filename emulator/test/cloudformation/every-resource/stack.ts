import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { accessAndSecrets } from './access-and-secrets';
import { functionsAndStorage } from './functions-and-storage';
import { instances } from './instances';
import { messaging } from './messaging';
import { streams } from './streams';
import type { Resources } from './template-parts';

/** One resource or more of each type that is emulated and needs no database. */
export const resources: Resources = {
  ...messaging,
  ...accessAndSecrets,
  ...functionsAndStorage,
  ...streams,
  ...instances,
};

/** Every one of {@link resources} under its own logical id. */
export function everything(): Stack {
  const stack = new Stack(new App(), 'Everything');
  for (const [id, [type, properties]] of Object.entries(resources)) {
    new CfnResource(stack, id, { type, properties: { ...properties } });
  }
  // S3 tries whether it may send to the queue.
  stack.node.findChild('Bucket').node.addDependency(stack.node.findChild('QueuePolicy'));
  return stack;
}
