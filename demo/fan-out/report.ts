import { count, duration, tableOf } from '../shop/table';
import { type SubscriberName, subscriberNames } from './subscribers';

/** How one subscriber fared. */
export interface SubscriberResult {
  /** Orders that it has got. */
  readonly delivered: number;
  readonly duplicatesAbsorbed: number;
  /** Ids of published orders that it should have got and has not. */
  readonly lost: readonly string[];
}

/** How the announcements of a sale ended. */
export interface AnnouncementsResult {
  readonly published: number;
  readonly subscribers: Readonly<Record<SubscriberName, SubscriberResult>>;
  /** Notifications that filters kept from subscribers. */
  readonly filteredOut: number;
  /** Notifications that went to the dead-letter queue of their subscription. */
  readonly deadLettered: number;
  /** Messages of it that were sent on afterwards. */
  readonly sentAgain: number;
  /** Deliveries that the archive did not take. */
  readonly refusedByArchive: number;
  /** Emulated milliseconds from the last order to the last delivery. */
  readonly deliveredAfter: number;
  /** Emulated milliseconds from the opening to the last delivery. */
  readonly emulatedTime: number;
  /** Real milliseconds for the same. */
  readonly realTime: number;
}

/** What was lost, as subscriber and order id. */
export function lostIn({ subscribers }: AnnouncementsResult): string[] {
  return subscriberNames.flatMap((name) => subscribers[name].lost.map((id) => `${name}/${id}`));
}

/** The table that a person reads afterwards. */
export function announcementsTable(result: AnnouncementsResult): string {
  const { subscribers } = result;
  const duplicates = subscriberNames.map((name) => subscribers[name].duplicatesAbsorbed);
  return tableOf([
    ['published', count(result.published)],
    ...subscriberNames.map((name): [string, string] => [
      `delivered: ${name}`,
      count(subscribers[name].delivered),
    ]),
    ['filtered out', count(result.filteredOut)],
    ['duplicates absorbed', count(duplicates.reduce((sum, some) => sum + some, 0))],
    ['refused by the archive', `${count(result.refusedByArchive)} (and tried again)`],
    ['dead-lettered', `${count(result.deadLettered)} (sent again: ${count(result.sentAgain)})`],
    ['lost', count(lostIn(result).length)],
    ['delivered after', `${duration(result.deliveredAfter)} (emulated, after the last order)`],
    ['emulated time', duration(result.emulatedTime)],
    ['real time', duration(result.realTime)],
  ]);
}
