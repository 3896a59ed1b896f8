import type { Bucket } from './bucket';
import type { LifecycleRules } from './bucket-settings';
import { type ObjectEvent, removed } from './notifications/event-message';
import type { ObjectVersion } from './stored-object';

type LifecycleRule = LifecycleRules[number];

const day = 24 * 60 * 60 * 1000;

/** The day of a moment, counted from the epoch. */
function dayOf(time: number): number {
  return Math.floor(time / day);
}

/** The next moment at which rules act. */
export function nextMidnight(now: number): number {
  return (dayOf(now) + 1) * day;
}

/**
 * Does what a bucket's lifecycle rules have made due: expires objects and old versions, and ends
 * unfinished uploads.
 *
 * S3 does so once a day, at midnight UTC; a rule of n days acts on the first midnight after they have
 * passed. Nobody can tell whether that happened then or, as here, when somebody looks, unless an event
 * tells of it (see LifecycleRunner). Transitions to
 * other storage classes change nothing that an application sees and are only recorded.
 * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 *
 * @param told - called with everything that has expired
 */
export function applyLifecycle(
  bucket: Bucket,
  now: number,
  told: (event: ObjectEvent) => void,
): void {
  const { settings } = bucket;
  if (settings.lifecycle === undefined || settings.lifecycleAppliedOn === dayOf(now)) return;
  settings.lifecycleAppliedOn = dayOf(now);
  for (const rule of settings.lifecycle) {
    if (rule.Status !== 'Enabled') continue;
    for (const key of [...bucket.keys()]) expireKey(bucket, key, rule, now, told);
    abortUploads(bucket, rule, now);
  }
}

function expireKey(
  bucket: Bucket,
  key: string,
  rule: LifecycleRule,
  now: number,
  told: (event: ObjectEvent) => void,
): void {
  const deleteVersion = ({ versionId }: ObjectVersion) => {
    bucket.deleteVersion(key, versionId);
    told(removed('LifecycleExpiration', key, { versionId, marker: false }));
  };
  const { Expiration: expiration, NoncurrentVersionExpiration: old } = rule;
  const versions = [...bucket.versions(key)];
  if (old?.NoncurrentDays !== undefined) {
    const days = old.NoncurrentDays;
    const keep = old.NewerNoncurrentVersions ?? 0;
    versions.forEach((version, index) => {
      const successor = versions[index - 1];
      if (!successor || index <= keep || !selects(rule, version)) return;
      if (passed(successor.modifiedAt, days, now)) deleteVersion(version);
    });
  }
  const [current, ...others] = bucket.versions(key);
  if (!current || !expiration) return;
  if (current.kind === 'delete-marker') {
    const lonely = others.length === 0;
    if (lonely && expiration.ExpiredObjectDeleteMarker && selects(rule, current))
      deleteVersion(current);
    return;
  }
  const due =
    (expiration.Days !== undefined && passed(current.modifiedAt, expiration.Days, now)) ||
    (expiration.Date !== undefined && now >= expiration.Date.getTime());
  if (!due || !selects(rule, current)) return;
  const marker = bucket.delete(key);
  const { versionId } = marker ?? current;
  told(removed('LifecycleExpiration', key, { versionId, marker: marker !== undefined }));
}

function abortUploads(bucket: Bucket, rule: LifecycleRule, now: number): void {
  const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  if (days === undefined) return;
  for (const upload of [...bucket.uploads.values()])
    if (upload.key.startsWith(prefixOf(rule)) && passed(upload.startedAt, days, now))
      bucket.uploads.delete(upload.id);
}

/** Whether the first midnight after `days` days is behind us. */
function passed(since: number, days: number, now: number): boolean {
  return now >= Math.ceil((since + days * day) / day) * day;
}

function selects(rule: LifecycleRule, version: ObjectVersion): boolean {
  if (!version.key.startsWith(prefixOf(rule))) return false;
  const filter = rule.Filter;
  const tags = [...(filter?.And?.Tags ?? []), ...(filter?.Tag ? [filter.Tag] : [])];
  const above = filter?.And?.ObjectSizeGreaterThan ?? filter?.ObjectSizeGreaterThan;
  const below = filter?.And?.ObjectSizeLessThan ?? filter?.ObjectSizeLessThan;
  if (version.kind === 'delete-marker')
    return tags.length === 0 && above === undefined && below === undefined;
  return (
    tags.every((tag) => version.tags.get(tag.Key ?? '') === tag.Value) &&
    (above === undefined || version.size > above) &&
    (below === undefined || version.size < below)
  );
}

function prefixOf(rule: LifecycleRule): string {
  return rule.Filter?.And?.Prefix ?? rule.Filter?.Prefix ?? rule.Prefix ?? '';
}
