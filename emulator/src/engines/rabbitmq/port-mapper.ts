import { brokerHost } from '../brokers/member';
import { findFreePort } from '../processes/free-port';
import { SupervisedProcess } from '../processes/supervised-process';

/** By which the nodes of one broker find each other: an `epmd` of their own, since the one that a node would start outlives it. */
export class PortMapper {
  private port: Promise<number> | undefined;
  private process: Promise<SupervisedProcess> | undefined;

  /** Starts it unless it runs. @returns its port, the same each time */
  async start(): Promise<number> {
    this.port ??= findFreePort(brokerHost);
    const port = await this.port;
    const running = await this.process;
    if (!running?.isRunning)
      this.process = SupervisedProcess.start('epmd', [
        '-port',
        String(port),
        '-address',
        brokerHost,
      ]);
    await this.process;
    return port;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const running = await this.process;
    running?.signal('SIGKILL');
  }
}
