import type { InputOf, OutputOf } from '../../protocol/handlers';

/** The SDK client whose operations Elastic Load Balancing answers. */
export type Api = typeof import('@aws-sdk/client-elastic-load-balancing-v2');

/** What a load balancer is made of, as CreateLoadBalancer takes it. */
export type LoadBalancerInput = InputOf<Api, 'CreateLoadBalancer'>;

/** What a target group is made of, as CreateTargetGroup takes it. */
export type TargetGroupInput = InputOf<Api, 'CreateTargetGroup'>;

/** A target as DescribeTargetHealth shows it. */
export type TargetDescription = NonNullable<
  OutputOf<Api, 'DescribeTargetHealth'>['TargetHealthDescriptions']
>[number];
