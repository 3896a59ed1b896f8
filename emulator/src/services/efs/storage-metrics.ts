import type { MetricPlace } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';
import type { ServiceEnvironment } from '../service';
import type { FileSystem } from './file-system';

const period = 15 * 60_000;

/** Nothing is moved to the other classes. */
const classes = ['Total', 'Standard', 'IA', 'Archive'] as const;

/**
 * Publishes the size of a file system every quarter of an hour until it is deleted, by storage class. What EFS tells of connections and
 * throughput is not measured.
 *
 * @param size - bytes, as EFS meters them
 * @see https://docs.aws.amazon.com/efs/latest/ug/efs-metrics.html
 */
export function publishSize(
  fileSystem: FileSystem,
  place: MetricPlace,
  { clock, metrics: sink }: Pick<ServiceEnvironment, 'clock' | 'metrics'>,
  size: () => Promise<number>,
): void {
  const what = `size of ${fileSystem.id}`;
  const metrics = classes.map(
    (StorageClass) =>
      new ResourceMetrics<'StorageBytes'>({
        sink,
        place,
        namespace: 'AWS/EFS',
        dimensions: { FileSystemId: fileSystem.id, StorageClass },
        unit: 'Bytes',
      }),
  );
  const publish = async (): Promise<void> => {
    const bytes = await size();
    for (const [index, one] of metrics.entries())
      one.add('StorageBytes', clock.now(), index < 2 ? bytes : 0);
  };
  const schedule = (): void => {
    clock.after(period, what, () => {
      if (fileSystem.state === 'deleting') return;
      void clock.work(what, publish);
      schedule();
    });
  };
  schedule();
}
