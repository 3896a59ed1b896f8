import { dirname, join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicies, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { Sink, WriteBuffer } from '../lib';

/** What the messages of this app are for: those of another do not open here. */
export const purpose = 'orders';

/**
 * Orders that are encrypted by who sends them and decrypted by the function that writes them: between the two
 * nobody can read them, not even with every right on the queue.
 */
export class ClientSideEncryptionStack extends Stack {
  readonly orders: WriteBuffer;
  private readonly key: Key;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    this.key = new Key(this, 'Key', { enableKeyRotation: true });
    const table = new TableV2(this, 'Table', {
      partitionKey: { name: 'order_id', type: AttributeType.STRING },
    });
    const consumer = new NodejsFunction(this, 'Consumer', {
      entry: require.resolve('./client-side-encryption/consumer'),
      // Found from here, as this app is synthesised from any directory.
      depsLockFilePath: join(
        dirname(require.resolve('cdk-decouple/package.json')),
        'package-lock.json',
      ),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(20),
      memorySize: 512,
      environment: { KEY_ARN: this.key.keyArn, PURPOSE: purpose, TABLE_NAME: table.tableName },
      // The SDK as well: what has been tested is what runs.
      bundling: { externalModules: [] },
    });
    this.key.grant(consumer, 'kms:Decrypt');
    table.grant(consumer, 'dynamodb:PutItem');

    this.orders = new WriteBuffer(this, 'Orders', {
      sink: Sink.function(consumer, { maxConcurrency: 10 }),
      outageTolerance: Duration.minutes(30),
    });
    new CfnOutput(this, 'QueueUrl', { value: this.orders.queue.queueUrl });
    new CfnOutput(this, 'KeyArn', { value: this.key.keyArn });
    new CfnOutput(this, 'TableName', { value: table.tableName });
    RemovalPolicies.of(this).destroy();
  }

  /** Lets a producer seal messages and send them; it cannot open any. */
  grantSend(producer: IGrantable): void {
    this.key.grant(producer, 'kms:GenerateDataKey');
    this.orders.grantSend(producer);
  }
}

if (require.main === module) {
  new ClientSideEncryptionStack(new App(), 'ClientSideEncryption');
}
