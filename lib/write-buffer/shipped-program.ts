import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { shippedDirectory } from '../shipped-functions/shipped-code';
import type { IWorkerProgram, ProgramBinding } from '../worker-program';
import { NODEJS_PACKAGE } from '../worker-program/nodejs-program';

/** A program for instances that is shipped with this package, bundled when the package was built. */
export class ShippedProgram implements IWorkerProgram {
  /**
   * @param name of the folder under `dist/assets`
   */
  constructor(
    private readonly name: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  public validate(): readonly string[] {
    return [];
  }

  public bind(scope: Construct): ProgramBinding {
    return {
      asset: new Asset(scope, 'Program', { path: shippedDirectory(this.name) }),
      command: ['node', 'index.js'],
      environment: this.environment,
      packages: [NODEJS_PACKAGE],
    };
  }
}
