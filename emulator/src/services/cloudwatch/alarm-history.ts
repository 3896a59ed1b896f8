/** What an item of the history is about. */
export type HistoryKind = 'Action' | 'ConfigurationUpdate' | 'StateUpdate';

/** Something that happened to an alarm. */
export interface HistoryItem {
  readonly alarmName: string;
  readonly timestamp: number;
  readonly kind: HistoryKind;
  readonly summary: string;
  /** JSON. */
  readonly data: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html: 30 days. */
const kept = 30 * 24 * 60 * 60 * 1000;

/** What has happened to the alarms of an account in a region, deleted ones included. */
export class AlarmHistory {
  private items: HistoryItem[] = [];

  add(item: HistoryItem): void {
    this.items.push(item);
    const first = this.items[0];
    // Not on every call: it copies what is kept.
    if (first && first.timestamp < item.timestamp - 2 * kept)
      this.items = this.items.filter(({ timestamp }) => timestamp >= item.timestamp - kept);
  }

  /** In the order of time. */
  list(now: number): HistoryItem[] {
    return this.items.filter(({ timestamp }) => timestamp >= now - kept);
  }
}
