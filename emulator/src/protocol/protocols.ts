import { JsonRpcProtocol } from './json-rpc';
import { QueryRpcProtocol } from './query-rpc';
import type { ProtocolName } from './service-model';
import type { WireProtocol } from './wire-protocol';

const json10 = new JsonRpcProtocol('1.0');
const json11 = new JsonRpcProtocol('1.1');
const awsQuery = new QueryRpcProtocol('awsQuery');
const ec2Query = new QueryRpcProtocol('ec2Query');

/** The one instance of each protocol. */
export const protocols: Readonly<Partial<Record<ProtocolName, WireProtocol>>> = {
  awsJson1_0: json10,
  awsJson1_1: json11,
  awsQuery,
  ec2Query,
};
