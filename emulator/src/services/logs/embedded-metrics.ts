import type { MetricPlace, MetricSink } from '../../metrics/metric-sink';

/** What begins every document in the embedded metric format, somewhere. */
const mark = '"_aws"';
const mostMetrics = 100;

/**
 * Publishes the metrics that a log event carries in the embedded metric format. An event that is no such document is
 * just an event, as on AWS.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function publishEmbeddedMetrics(sink: MetricSink, place: MetricPlace, event: string): void {
  if (!event.includes(mark)) return;
  const document = objectOf(parsed(event));
  const metadata = objectOf(document?._aws);
  const timestamp = metadata?.Timestamp;
  if (!document || typeof timestamp !== 'number') return;
  for (const item of listOf(metadata?.CloudWatchMetrics)) {
    const directive = objectOf(item);
    const namespace = directive?.Namespace;
    if (typeof namespace !== 'string' || namespace === '') continue;
    const dimensionSets = listOf(directive?.Dimensions).map((names) =>
      dimensionsOf(document, listOf(names)),
    );
    for (const metric of listOf(directive?.Metrics).slice(0, mostMetrics)) {
      const { Name: name, StorageResolution, Unit: unit = 'None' } = objectOf(metric) ?? {};
      if (typeof name !== 'string' || typeof unit !== 'string') continue;
      const given = document[name];
      const values = (Array.isArray(given) ? given : [given]).filter(Number.isFinite);
      for (const dimensions of dimensionSets) {
        if (!dimensions) continue;
        const resolution = StorageResolution === 1 ? 1 : 60;
        const recorder = sink.recorder(place, { namespace, name, dimensions }, unit, resolution);
        for (const value of values) recorder.add(value, timestamp);
      }
    }
  }
}

/** Undefined if the document lacks one. */
function dimensionsOf(
  document: Readonly<Record<string, unknown>>,
  names: readonly unknown[],
): Record<string, string> | undefined {
  const dimensions: Record<string, string> = {};
  for (const name of names) {
    const value = typeof name === 'string' ? document[name] : undefined;
    if (typeof value !== 'string') return undefined;
    dimensions[String(name)] = value;
  }
  return dimensions;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...value }
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
