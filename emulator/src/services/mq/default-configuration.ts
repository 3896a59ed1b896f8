import { type Engine, engineNames } from './catalog';

/** The first revision of every configuration: what AWS fills in. */
export function defaultConfiguration(
  engine: Engine,
  version: string,
): { readonly data: string; readonly description: string } {
  return {
    data: engine === 'ACTIVEMQ' ? activeMqDefault : rabbitMqDefault,
    description: `Auto-generated default for ${engineNames[engine]} ${version}`,
  };
}

/** Topics keep at most a thousand messages for a slow consumer; what nobody uses for ten minutes is removed. */
const activeMqDefault = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<broker schedulePeriodForDestinationPurge="10000" xmlns="http://activemq.apache.org/schema/core">
  <destinationPolicy>
    <policyMap>
      <policyEntries>
        <policyEntry gcInactiveDestinations="true" inactiveTimoutBeforeGC="600000" topic="&gt;">
          <pendingMessageLimitStrategy>
            <constantPendingMessageLimitStrategy limit="1000"/>
          </pendingMessageLimitStrategy>
        </policyEntry>
        <policyEntry gcInactiveDestinations="true" inactiveTimoutBeforeGC="600000" queue="&gt;"/>
      </policyEntries>
    </policyMap>
  </destinationPolicy>
  <plugins/>
</broker>
`;

const rabbitMqDefault = `# Default RabbitMQ delivery acknowledgement timeout is 30 minutes in milliseconds
consumer_timeout = 1800000
`;
