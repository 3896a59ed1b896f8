import type { ElbRegion } from './elb-region';
import type { Forwarding } from './forwarding';
import { Front, type FrontCertificate } from './front';
import type { Listener, LoadBalancer } from './load-balancer';

/** Where a listener of a load balancer is to be reached on this machine. */
export interface LocalListener {
  readonly loadBalancerName: string;
  readonly dnsName: string;
  /** As the load balancer has it. */
  readonly port: number;
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
}

/** Opens listeners on loopback ports, when somebody first asks where they are. */
export class Fronts {
  private readonly open = new Map<
    Listener,
    { readonly front: Front; readonly url: Promise<string> }
  >();

  constructor(
    private readonly forwarding: Forwarding,
    private readonly certificate: (hosts: string[]) => Promise<FrontCertificate>,
  ) {}

  /** URL of a listener on this machine. */
  url(region: ElbRegion, balancer: LoadBalancer, listener: Listener): Promise<string> {
    let found = this.open.get(listener);
    if (!found) {
      const front = new Front(region, balancer, listener, this.forwarding);
      found = { front, url: this.listen(front, balancer, listener) };
      this.open.set(listener, found);
    }
    return found.url;
  }

  /** A listener is gone, or is to listen otherwise. */
  forget(listener: Listener): void {
    const found = this.open.get(listener);
    this.open.delete(listener);
    void found?.front.close();
  }

  async stop(): Promise<void> {
    const all = [...this.open.values()];
    this.open.clear();
    await Promise.all(all.map(({ front }) => front.close()));
  }

  private async listen(front: Front, balancer: LoadBalancer, listener: Listener): Promise<string> {
    const certificate =
      listener.protocol === 'HTTPS'
        ? await this.certificate(['localhost', '127.0.0.1', balancer.dnsName])
        : undefined;
    return front.listen(certificate);
  }
}
