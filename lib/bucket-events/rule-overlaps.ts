import { isKnown } from '../validation';

/** Which events of which objects a notification is about. */
export interface NotificationRule {
  /** Such as `s3:ObjectCreated:*`. */
  readonly event: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/**
 * Whether an event could match both rules: S3 takes no such pair, as it would not know whom to tell.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export function overlap(one: NotificationRule, other: NotificationRule): boolean {
  return (
    eventsOverlap(one.event, other.event) &&
    textsOverlap(one.prefix, other.prefix, (text, start) => text.startsWith(start)) &&
    textsOverlap(one.suffix, other.suffix, (text, end) => text.endsWith(end))
  );
}

/** `s3:ObjectCreated:*` has `s3:ObjectCreated:Put` in it. */
function eventsOverlap(one: string, other: string): boolean {
  const within = (event: string, group: string): boolean =>
    event === group || (group.endsWith(':*') && event.startsWith(group.slice(0, -1)));
  return within(one, other) || within(other, one);
}

function textsOverlap(
  one: string | undefined,
  other: string | undefined,
  contains: (text: string, part: string) => boolean,
): boolean {
  if (one === undefined || other === undefined) return true;
  // Of what is only known at deployment nothing can be said.
  if (!isKnown(one) || !isKnown(other)) return false;
  return contains(one, other) || contains(other, one);
}
