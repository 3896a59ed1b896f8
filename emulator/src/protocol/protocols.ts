import { CborRpcProtocol } from './cbor-rpc';
import { DocumentCodec } from './document-codec';
import { JsonRpcProtocol } from './json-rpc';
import { QueryRpcProtocol } from './query-rpc';
import { jsonFormat, RestProtocol, xmlFormat } from './rest';
import { jsonScalars } from './scalars';
import type { ProtocolName } from './service-model';
import type { WireProtocol } from './wire-protocol';

const restJsonCodec = new DocumentCodec({ useJsonName: true, scalars: jsonScalars });

/** The one instance of each protocol. */
export const protocols: Readonly<Record<ProtocolName, WireProtocol>> = {
  awsJson1_0: new JsonRpcProtocol('1.0'),
  awsJson1_1: new JsonRpcProtocol('1.1'),
  awsQuery: new QueryRpcProtocol('awsQuery'),
  ec2Query: new QueryRpcProtocol('ec2Query'),
  restJson1: new RestProtocol(jsonFormat(restJsonCodec)),
  restXml: new RestProtocol(xmlFormat),
  rpcv2Cbor: new CborRpcProtocol(),
};
