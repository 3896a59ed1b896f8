import type { Clock } from '../clock/clock';
import type { InstanceListener } from '../services/ec2';
import type { EventBridgeService } from '../services/eventbridge';

/**
 * Sends EventBridge the changes of state of instances.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
 */
export function instanceEvents(eventBridge: EventBridgeService, clock: Clock): InstanceListener {
  return {
    stateChanged({ account, id, region, state }) {
      eventBridge.publish({
        account,
        region,
        source: 'aws.ec2',
        detailType: 'EC2 Instance State-change Notification',
        resources: [`arn:aws:ec2:${region}:${account}:instance/${id}`],
        detail: { 'instance-id': id, state },
        time: clock.now(),
      });
    },
  };
}
