import type { ElbService, LocalListener, TargetHandler } from './services/elb';

/** Load balancers, as far as AWS has no API for what is asked of them here. */
export class LoadBalancing {
  constructor(private readonly elb: ElbService) {}

  /** Where the listeners of all load balancers are to be reached on this machine: each has a port of 127.0.0.1. */
  listeners(): Promise<LocalListener[]> {
    return this.elb.localListeners();
  }

  /**
   * URL of a load balancer's listener on this machine, such as `http://127.0.0.1:40123`.
   *
   * @param loadBalancer - its name, or its DNS name in any case
   * @param port - of the listener, as the load balancer has it. @default - the lowest
   * @throws Error if there is no such listener.
   */
  async url(loadBalancer: string, port?: number): Promise<string> {
    const all = await this.listeners();
    const [found] = all
      .filter(
        (one) =>
          (one.loadBalancerName === loadBalancer ||
            one.dnsName.toLowerCase() === loadBalancer.toLowerCase()) &&
          (port ?? one.port) === one.port,
      )
      .sort((a, b) => a.port - b.port);
    if (!found)
      throw new Error(
        `${loadBalancer} has no listener${port === undefined ? '' : ` on port ${port}`}; there are: ${all.map((one) => `${one.loadBalancerName}:${one.port}`).join(', ') || 'none'}`,
      );
    return found.url;
  }

  /**
   * Has a handler answer for the instances of a target group that run no process, health checks included: on the
   * manual clock those are all. Without one, such instances count as healthy and answer 200.
   *
   * @throws ServiceError TargetGroupNotFoundException
   */
  respond(targetGroupArn: string, handler: TargetHandler): void {
    this.elb.respond(targetGroupArn, handler);
  }
}
