import { isKnown } from '../validation';

/** What is wrong with a URL that SNS shall post to. */
export function urlFailures(url: string, allowPlainHttp = false): string[] {
  if (!isKnown(url)) return [];
  return [
    ...(/^https?:\/\/./.test(url) ? [] : [`url must begin with https://, got '${url}'`]),
    ...(url.startsWith('http://') && !allowPlainHttp
      ? [
          'url is http: anybody on the way could read the messages; use https, or set allowPlainHttp',
        ]
      : []),
  ];
}

/** What is wrong with an email address. */
export function addressFailures(address: string): string[] {
  return isKnown(address) && !/^[^\s@]+@[^\s@]+$/.test(address)
    ? [`address must be an email address, got '${address}'`]
    : [];
}

/** What is wrong with the number of a telephone. */
export function numberFailures(number: string): string[] {
  return isKnown(number) && !/^\+[1-9]\d{6,14}$/.test(number)
    ? [`number must be in E.164 form such as +15551234567, got '${number}'`]
    : [];
}
