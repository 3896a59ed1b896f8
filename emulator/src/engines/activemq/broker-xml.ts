import { escapeXml } from '../../protocol/xml';
import { parseXml, type XmlElement } from '../../protocol/xml-parser';
import type { BrokerSettings } from '../brokers/settings';
import { type FailoverTiming, type Protocol, protocols, schemes } from './settings';

/** Where a member's files are and its ports. */
export interface MemberPlace {
  readonly brokerName: string;
  readonly host: string;
  readonly ports: Readonly<Record<Protocol | 'management', number>>;
  /** Its own directory, for what it does not share. */
  readonly data: string;
  /** Where both members of a pair keep messages. */
  readonly store: string;
  /** PKCS #12. */
  readonly keyStore: string;
  readonly keyStorePassword: string;
  /** What a client of the management endpoint has to know: the first part of its path. */
  readonly managementToken: string;
}

/** Elements of `broker` that the engine sets; what a configuration says in them is merged. */
const ownElements = [
  'managementContext',
  'persistenceAdapter',
  'plugins',
  'sslContext',
  'systemUsage',
  'transportConnectors',
];

/** A member's file for ActiveMQ. */
export interface BrokerFile {
  readonly place: MemberPlace;
  readonly settings: BrokerSettings;
  readonly timing: FailoverTiming;
  /** Beans that come before the broker. @default - nothing */
  readonly rehearsal?: string;
}

/** The file that ActiveMQ is started with: the broker of the settings with everything that Amazon MQ adds to it. */
export function brokerXml({ place, rehearsal = '', settings, timing }: BrokerFile): string {
  return `<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
${managementServer(place)}
${rehearsal}
${brokerElement('', place, settings, timing)}
</beans>
`;
}

/**
 * A broker of a file.
 *
 * @param prefix - of the names of its beans, which must differ in a file
 */
export function brokerElement(
  prefix: string,
  place: MemberPlace,
  settings: BrokerSettings,
  timing: FailoverTiming,
): string {
  const configured = settings.configuration ? parseXml(settings.configuration) : undefined;
  if (settings.configuration && configured?.name !== 'broker')
    throw new Error('the configuration of the broker is no XML of an element broker');
  const attributes = {
    id: `${prefix}broker`,
    persistent: 'true',
    schedulerSupport: 'true',
    ...Object.fromEntries(
      [...(configured?.attributes ?? [])].filter(([name]) => !/^(xmlns|xsi:)/.test(name)),
    ),
    brokerName: place.brokerName,
    dataDirectory: place.data,
    schedulerDirectory: `${place.store}/scheduler`,
    useJmx: 'true',
    useShutdownHook: 'true',
    xmlns: 'http://activemq.apache.org/schema/core',
  };
  const others = (configured?.children ?? []).filter(({ name }) => !ownElements.includes(name));
  // ActiveMQ's schema wants the children of a broker in the order of their names.
  const children: [name: string, text: string][] = [
    ...others.map((element): [string, string] => [element.name, render(element)]),
    [
      'managementContext',
      '<managementContext><managementContext createConnector="false"/></managementContext>',
    ],
    [
      'persistenceAdapter',
      persistenceAdapter(place, find(configured, 'persistenceAdapter'), timing),
    ],
    ['plugins', plugins(find(configured, 'plugins'), settings)],
    [
      'sslContext',
      `<sslContext><sslContext${attributeText({
        keyStore: `file:${place.keyStore}`,
        keyStorePassword: place.keyStorePassword,
        keyStoreType: 'PKCS12',
      })}/></sslContext>`,
    ],
    ['systemUsage', systemUsage(find(configured, 'systemUsage'))],
    [
      'transportConnectors',
      transportConnectors(prefix, place, find(configured, 'transportConnectors')?.children ?? []),
    ],
  ];
  children.sort(([one], [other]) => (one < other ? -1 : 1));
  return `<broker${attributeText(attributes)}>
${children.map(([, text]) => text).join('\n')}
</broker>`;
}

/** An element as it was written, but for white space. */
function render({ name, attributes, children, text }: XmlElement): string {
  const inner = children.map(render).join('') + escapeXml(text.trim());
  const head = `${name}${attributeText(Object.fromEntries(attributes))}`;
  return inner === '' ? `<${head}/>` : `<${head}>${inner}</${name}>`;
}

function attributeText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

function find(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find((child) => child.name === name);
}

function persistenceAdapter(
  { store }: MemberPlace,
  configured: XmlElement | undefined,
  timing: FailoverTiming,
): string {
  const attributes = {
    ...Object.fromEntries(find(configured, 'kahaDB')?.attributes ?? []),
    checkpointInterval: String(timing.checkpointInterval),
    directory: `${store}/kahadb`,
    lockKeepAlivePeriod: String(timing.keepAlivePeriod),
  };
  return `<persistenceAdapter><kahaDB${attributeText(attributes)}><locker><shared-file-locker lockAcquireSleepInterval="${timing.acquireSleepInterval}"/></locker></kahaDB></persistenceAdapter>`;
}

function plugins(configured: XmlElement | undefined, { users }: BrokerSettings): string {
  const entries = users.map(
    ({ username, password, groups }) =>
      `<authenticationUser${attributeText({ username, password, groups: groups.join(',') })}/>`,
  );
  const others = configured?.children.map(render) ?? [];
  return `<plugins><simpleAuthenticationPlugin anonymousAccessAllowed="false"><users>${entries.join('')}</users></simpleAuthenticationPlugin>${others.join('')}</plugins>`;
}

/** The limits are those of a small machine: a broker may fill its memory and its disk, but not ours. */
function systemUsage(configured: XmlElement | undefined): string {
  const attributes = Object.fromEntries(find(configured, 'systemUsage')?.attributes ?? []);
  const limit = (name: string, size: string) => `<${name}><${name} limit="${size}"/></${name}>`;
  return `<systemUsage><systemUsage${attributeText(attributes)}>${limit('memoryUsage', '96 mb')}${limit('storeUsage', '4 gb')}${limit('tempUsage', '1 gb')}</systemUsage></systemUsage>`;
}

/**
 * What ActiveMQ fixes the socket buffers of a connection to, in bytes. Its own 64 KB let a connection stand still for
 * good on Linux 6.18 where both ends have more than that to say at once: the kernel drops what acknowledges the
 * broker's bytes while the broker's receive buffer is full (`BeyondWindow` in `/proc/net/netstat`).
 */
const socketBufferSize = 2 * 1024 * 1024;

/** A configuration may set flags of a connector, never its address. */
function transportConnectors(
  prefix: string,
  { host, ports }: MemberPlace,
  configured: readonly XmlElement[],
): string {
  const connectors = protocols.map((protocol) => {
    const flags = configured.find(({ attributes }) => attributes.get('name') === protocol);
    return `<transportConnector${attributeText({
      ...Object.fromEntries(flags?.attributes ?? []),
      name: `${prefix}${protocol}`,
      uri: connectorUri(protocol, `${host}:${ports[protocol]}`),
    })}/>`;
  });
  return `<transportConnectors>${connectors.join('')}</transportConnectors>`;
}

function connectorUri(protocol: Protocol, address: string): string {
  const uri = `${schemes[protocol]}://${address}`;
  return protocol === 'wss' ? uri : `${uri}?transport.socketBufferSize=${socketBufferSize}`;
}

/**
 * A web server for this process only, with Jolokia: it tells what the JVM and the broker know of themselves. It comes
 * before the broker, so that it is there while a standby waits for the lock.
 */
function managementServer({ host, ports, managementToken }: MemberPlace): string {
  return `<bean class="org.eclipse.jetty.server.Server" init-method="start" destroy-method="stop">
  <constructor-arg><bean class="java.net.InetSocketAddress"><constructor-arg value="${host}"/><constructor-arg type="int" value="${ports.management}"/></bean></constructor-arg>
  <property name="handler"><bean class="org.eclipse.jetty.servlet.ServletContextHandler">
    <property name="contextPath" value="/${managementToken}"/>
    <property name="servletHandler"><bean class="org.eclipse.jetty.servlet.ServletHandler">
      <property name="servlets"><list><bean id="jolokia" class="org.eclipse.jetty.servlet.ServletHolder"><property name="name" value="jolokia"/><property name="className" value="org.jolokia.http.AgentServlet"/></bean></list></property>
      <property name="servletMappings"><list><bean class="org.eclipse.jetty.servlet.ServletMapping"><property name="servletName" value="jolokia"/><property name="pathSpec" value="/*"/></bean></list></property>
    </bean></property>
  </bean></property>
</bean>`;
}
