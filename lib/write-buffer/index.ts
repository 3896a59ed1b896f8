export { Attribute, type AttributeMap } from './attribute';
export { Column, type ColumnMap } from './column';
export type { DynamoDbSinkProps } from './dynamodb-sink-props';
export type { FunctionSinkOptions } from './function-sink';
export { InstanceWriteBuffer } from './instance-write-buffer';
export type { InstanceWriteBufferProps } from './instance-write-buffer-props';
export type { PostgresSinkProps } from './postgres-sink-props';
export { Sink } from './sink';
export type {
  IInstanceSink,
  InstanceSinkBinding,
  ISink,
  SinkBinding,
  SinkBindOptions,
} from './sink-contract';
export { WriteBuffer } from './write-buffer';
export type { InstanceWriteBufferAlarms, WriteBufferAlarms } from './write-buffer-alarms';
export type { BufferedQueueProps, WriteBufferProps } from './write-buffer-props';
