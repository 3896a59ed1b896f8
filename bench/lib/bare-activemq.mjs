// ActiveMQ without an emulator: one process, started as the emulator starts its own, and with what of the configuration
// costs a message something the same as in the emulator's broker. Its store is where the emulator would put it, its
// certificate is made as the emulator makes them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { launchArguments } = require('../../emulator/dist/engines/activemq/launch.js');
const { logConfiguration } = require('../../emulator/dist/engines/activemq/log.js');
const { findFreePort } = require('../../emulator/dist/engines/processes/free-port.js');
const { MemoryDirectory } = require('../../emulator/dist/engines/processes/memory-directory.js');
const {
  SupervisedProcess,
} = require('../../emulator/dist/engines/processes/supervised-process.js');
const { CertificateAuthority } = require('../../emulator/dist/gateway/certificate-authority.js');
const { keyStore } = require('../../emulator/dist/gateway/key-store.js');

const schemes = { openwire: 'ssl', amqp: 'amqp+ssl', stomp: 'stomp+ssl', mqtt: 'mqtt+ssl' };
const host = '127.0.0.1';

/** Starts it. @returns its endpoints by protocol, whom it lets in, its process id, and how to end it */
export async function startBareActiveMq({ home, java }, { username, password }) {
  const memory = new MemoryDirectory('bare-activemq');
  const directory = await memory.path();
  const authority = new CertificateAuthority({ directory: join(directory, 'authority') });
  const conf = join(directory, 'conf');
  for (const folder of ['conf', 'data', 'tmp']) mkdirSync(join(directory, folder));
  writeFileSync(join(conf, 'broker.p12'), keyStore(await authority.issue([host]), password));
  writeFileSync(join(conf, 'log4j2.properties'), logConfiguration);
  const endpoints = {};
  for (const [protocol, scheme] of Object.entries(schemes))
    endpoints[protocol] = `${scheme}://${host}:${await findFreePort(host)}`;
  writeFileSync(
    join(conf, 'activemq.xml'),
    configuration(directory, endpoints, { username, password }),
  );
  const broker = await SupervisedProcess.start(java.program, launchArguments({ directory, home }));
  // Nothing of a supervised process keeps this one alive.
  const waiting = setInterval(() => undefined, 1000);
  const started = await broker.printed(') started |');
  clearInterval(waiting);
  if (!started) throw new Error(`the bare ActiveMQ did not start:\n${broker.output}`);
  return {
    endpoints,
    caFile: await authority.caFile(),
    pid: broker.pid,
    async stop() {
      broker.signal('SIGKILL');
      await broker.closed;
      await memory.remove();
    },
  };
}

function configuration(directory, endpoints, { username, password }) {
  const connectors = Object.entries(endpoints).map(
    ([name, uri]) =>
      `<transportConnector name="${name}" uri="${uri}?transport.socketBufferSize=2097152"/>`,
  );
  return `<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
<broker xmlns="http://activemq.apache.org/schema/core" brokerName="bare" dataDirectory="${directory}/data" schedulerSupport="true">
  <managementContext><managementContext createConnector="false"/></managementContext>
  <persistenceAdapter><kahaDB directory="${directory}/kahadb"/></persistenceAdapter>
  <plugins><simpleAuthenticationPlugin anonymousAccessAllowed="false"><users><authenticationUser username="${username}" password="${password}" groups="apps"/></users></simpleAuthenticationPlugin></plugins>
  <sslContext><sslContext keyStore="file:${directory}/conf/broker.p12" keyStorePassword="${password}" keyStoreType="PKCS12"/></sslContext>
  <systemUsage><systemUsage><memoryUsage><memoryUsage limit="96 mb"/></memoryUsage><storeUsage><storeUsage limit="4 gb"/></storeUsage><tempUsage><tempUsage limit="1 gb"/></tempUsage></systemUsage></systemUsage>
  <transportConnectors>${connectors.join('')}</transportConnectors>
</broker>
</beans>
`;
}
