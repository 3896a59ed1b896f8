import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Client } from 'pg';
import { Emulator } from '../../../src';

interface Changes {
  readonly connections?: string;
  readonly isProtected?: boolean;
  readonly instance?: object;
}

function stackOf({ connections = '20', isProtected = true, instance = {} }: Changes): Stack {
  const stack = new Stack(new App(), 'Database');
  new CfnResource(stack, 'Parameters', {
    type: 'AWS::RDS::DBParameterGroup',
    properties: {
      Description: 'test',
      Family: 'postgres17',
      Parameters: { max_connections: connections, 'rds.force_ssl': '0' },
    },
  });
  new CfnResource(stack, 'Instance', {
    type: 'AWS::RDS::DBInstance',
    properties: {
      Engine: 'postgres',
      DBInstanceClass: 'db.t4g.micro',
      MasterUsername: 'app',
      MasterUserPassword: 'password-1',
      DBParameterGroupName: { Ref: 'Parameters' },
      DeletionProtection: isProtected,
      AllocatedStorage: '20',
      ...instance,
    },
  });
  return stack;
}

test('parameters, protection and recorded properties change in place, and the data stays', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    const deployed = await aws.deploy(stackOf({}));
    const describe = async () => {
      const { DBInstances: [instance] = [] } = await aws
        .client(RDSClient)
        .send(
          new DescribeDBInstancesCommand({ DBInstanceIdentifier: deployed.physicalId('Instance') }),
        );
      return instance;
    };
    const query = async (text: string) => {
      const instance = await describe();
      const client = new Client({
        host: instance?.Endpoint?.Address,
        port: instance?.Endpoint?.Port,
        user: 'app',
        password: 'password-1',
        database: 'postgres',
      });
      await client.connect();
      const { rows } = await client.query(text);
      await client.end();
      return rows;
    };
    await query('CREATE TABLE kept AS SELECT 1 AS one');
    await aws.deploy(
      stackOf({ connections: '30', isProtected: false, instance: { AllocatedStorage: '40' } }),
    );
    expect(await query('SHOW max_connections')).toEqual([{ max_connections: '30' }]);
    expect(await query('SELECT one FROM kept')).toEqual([{ one: 1 }]);
    expect(await describe()).toMatchObject({ DeletionProtection: false, AllocatedStorage: 40 });
    await expect(
      aws.deploy(stackOf({ isProtected: false, instance: { MasterUserPassword: 'password-2' } })),
    ).rejects.toThrow(
      'AWS::RDS::DBInstance does not support changing MasterUserPassword of an existing resource',
    );
    await aws.destroy(stackOf({}));
    expect(aws.leaks()).toEqual([]);
  } finally {
    await aws.stop();
  }
});
