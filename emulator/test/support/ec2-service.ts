import { createEc2, type Ec2Service } from '../../src/services/ec2';
import type { ServiceEnvironment } from '../../src/services/service';

/** EC2 for those who need networks alone: there are no images, and so no instances. */
export function networksOnly(env: ServiceEnvironment): Ec2Service {
  const none = async () => {
    throw new Error('there are no instances here');
  };
  return createEc2(env, {
    imagesOf: () => [],
    instanceProfile: () => undefined,
    machines: {
      program: none,
      visibilityTimeout: () => undefined,
      caFile: none,
      mount: none,
      logs: { write: () => undefined },
    },
  });
}
