import { createServer, type Server } from 'node:http';

/** An instance metadata service, version 2 only, whose answers a test decides. */
export class InstanceMetadataService {
  private constructor(private readonly server: Server) {}

  /**
   * @param lifecycleState answers each time what the instance is on its way to
   */
  static async start(lifecycleState: () => Promise<string>): Promise<InstanceMetadataService> {
    const server = createServer(async ({ headers, method, url }, response) => {
      const hasToken = headers['x-aws-ec2-metadata-token'] === 'the-token';
      if (method === 'PUT' && url === '/latest/api/token') {
        response.end('the-token');
      } else if (!hasToken) {
        response.writeHead(401).end();
      } else if (url === '/latest/meta-data/instance-id') {
        response.end('i-0123456789abcdef0');
      } else if (url === '/latest/meta-data/autoscaling/target-lifecycle-state') {
        response.end(await lifecycleState());
      } else {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const service = new InstanceMetadataService(server);
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = `http://127.0.0.1:${service.port}`;
    return service;
  }

  async stop(): Promise<void> {
    delete process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    return address.port;
  }
}
