import type { WireRequest } from './message';
import { decodeStep, objectAddress } from './s3-addressing';
import type { ServiceModel } from './service-model';
import type { Operation } from './shape';

interface Segment {
  readonly kind: 'literal' | 'label' | 'greedy';
  /** The literal, or the name of the member that the label fills. */
  readonly text: string;
}

/** What a REST request of a service is matched against: method, path and whatever else tells its operations apart. */
export interface RestRoute {
  readonly operation: Operation;
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly queryLiterals: readonly (readonly [string, string])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  /** Members that are labels of the host or the path although the pattern does not name them: the bucket. */
  readonly needsBucket: boolean;
}

/** Values of path labels by member name. */
export type Labels = Readonly<Record<string, string>>;

/** Finds the operation of REST requests among those of one service. */
export class RestRouter {
  private readonly routes: readonly RestRoute[];

  constructor(
    operations: Iterable<Operation>,
    private readonly service: ServiceModel,
  ) {
    this.routes = [...operations].flatMap((operation) => restRoute(operation) ?? []);
  }

  /** The most specific operation that fits; a client may say by `x-id` which of several it means. */
  find(request: WireRequest): Operation | undefined {
    const query = new URLSearchParams(request.query);
    const named = query.get('x-id');
    let best: RestRoute | undefined;
    for (const route of this.routes) {
      if (!fits(route, request, query, this.service)) continue;
      if (route.operation.name === named) return route.operation;
      if (!best || specificity(route) > specificity(best)) best = route;
    }
    return best?.operation;
  }
}

const routeCache = new Map<Operation, RestRoute | undefined>();

/** Undefined for operations without an HTTP binding. */
export function restRoute(operation: Operation): RestRoute | undefined {
  if (!routeCache.has(operation)) routeCache.set(operation, compile(operation));
  return routeCache.get(operation);
}

/** The path's labels, or undefined if the path does not fit. */
export function matchPath(
  route: RestRoute,
  request: WireRequest,
  service: ServiceModel,
): Labels | undefined {
  let path = request.path;
  const labels: Record<string, string> = {};
  if (service.signingName === 's3') {
    const address = objectAddress(request);
    if (route.needsBucket !== (address.bucket !== undefined)) return undefined;
    if (address.bucket !== undefined) labels.Bucket = address.bucket;
    path = address.path;
  }
  const steps = path.split('/').slice(1);
  // Only S3 has keys that end in a slash.
  if (steps.length > 1 && steps.at(-1) === '' && service.signingName !== 's3') steps.pop();
  if (steps.length === 1 && steps[0] === '') steps.pop();
  for (const [index, segment] of route.segments.entries()) {
    const step = steps[index];
    if (step === undefined) return undefined;
    if (segment.kind === 'greedy') {
      const rest = steps.slice(index).map(decodeStep).join('/');
      if (rest === '') return undefined;
      labels[segment.text] = rest;
      return labels;
    }
    if (segment.kind === 'literal' ? segment.text !== step : step === '') return undefined;
    if (segment.kind === 'label') labels[segment.text] = decodeStep(step);
  }
  return steps.length === route.segments.length ? labels : undefined;
}

function fits(
  route: RestRoute,
  request: WireRequest,
  query: URLSearchParams,
  service: ServiceModel,
): boolean {
  return (
    route.method === request.method &&
    route.queryLiterals.every(([key, value]) => query.get(key) === value) &&
    route.requiredQuery.every((key) => query.has(key)) &&
    route.requiredHeaders.every((name) => request.headers[name] !== undefined) &&
    matchPath(route, request, service) !== undefined
  );
}

/** Literal segments count most; then what a request must have besides; the listing of directory buckets comes last. */
function specificity(route: RestRoute): number {
  const literals = route.segments.filter(({ kind }) => kind === 'literal').length;
  const demands =
    route.queryLiterals.length + route.requiredQuery.length + route.requiredHeaders.length;
  // Only the host tells this operation from ListBuckets; buckets here are all of general purpose.
  const rare = route.operation.name === 'ListDirectoryBuckets' ? 1 : 0;
  return literals * 100 + demands * 2 - rare;
}

function compile(operation: Operation): RestRoute | undefined {
  const { http } = operation.traits;
  if (!http) return undefined;
  const [method, uri] = http;
  const [path = '', query = ''] = uri.split('?');
  const segments = path.split('/').filter(Boolean).map(segmentOf);
  const required = operation.input.required;
  return {
    operation,
    method,
    segments,
    queryLiterals: [...new URLSearchParams(query)].filter(([key]) => key !== 'x-id'),
    requiredQuery: required.flatMap(({ traits }) => traits.httpQuery ?? []),
    requiredHeaders: required.flatMap(({ traits }) => traits.httpHeader?.toLowerCase() ?? []),
    needsBucket:
      operation.input.members.get('Bucket')?.traits.httpLabel !== undefined &&
      !segments.some(({ text }) => text === 'Bucket'),
  };
}

function segmentOf(text: string): Segment {
  if (!text.startsWith('{')) return { kind: 'literal', text };
  const name = text.slice(1, -1);
  return name.endsWith('+')
    ? { kind: 'greedy', text: name.slice(0, -1) }
    : { kind: 'label', text: name };
}
