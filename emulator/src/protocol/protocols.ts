import { CborRpcProtocol } from './cbor-rpc';
import { DocumentCodec } from './document-codec';
import { awsCborFormat, jsonFormat } from './document-format';
import { JsonRpcProtocol } from './json-rpc';
import { QueryRpcProtocol } from './query-rpc';
import { RestProtocol, restJsonFormat, xmlFormat } from './rest';
import { jsonScalars } from './scalars';
import type { ProtocolName } from './service-model';
import type { WireProtocol } from './wire-protocol';

const restJsonCodec = new DocumentCodec({ useJsonName: true, scalars: jsonScalars });

/** The one instance of each protocol. */
export const protocols: Readonly<Record<ProtocolName, WireProtocol>> = {
  awsJson1_0: new JsonRpcProtocol(jsonFormat('1.0')),
  awsJson1_1: new JsonRpcProtocol(jsonFormat('1.1')),
  awsCbor1_1: new JsonRpcProtocol(awsCborFormat),
  awsQuery: new QueryRpcProtocol('awsQuery'),
  ec2Query: new QueryRpcProtocol('ec2Query'),
  restJson1: new RestProtocol(restJsonFormat(restJsonCodec)),
  restXml: new RestProtocol(xmlFormat),
  rpcv2Cbor: new CborRpcProtocol(),
};
