/** A catalog: there is one in each account and region. */
export interface CatalogAddress {
  readonly account: string;
  readonly region: string;
}

/** What the validation of the Data Catalog asks of names: one line of text. */
export const namePattern = '[\\u0020-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}\\t]*';
export const longestName = 255;

/** The name under which the Data Catalog keeps a database or a table: Hive knows no capital letters. */
export function folded(name: string): string {
  return name.toLowerCase();
}

export function catalogArn({ account, region }: CatalogAddress): string {
  return `arn:aws:glue:${region}:${account}:catalog`;
}

/** @param database - a name, or `*` for those of a catalog */
export function databaseArn({ account, region }: CatalogAddress, database: string): string {
  return `arn:aws:glue:${region}:${account}:database/${folded(database)}`;
}

/** @param table - a name, or `*` for those of a database */
export function tableArn(
  { account, region }: CatalogAddress,
  database: string,
  table: string,
): string {
  return `arn:aws:glue:${region}:${account}:table/${folded(database)}/${folded(table)}`;
}

/** The name of the database that an ARN names; undefined if it names something else. */
export function databaseOfArn(arn: string): string | undefined {
  return /^arn:aws:glue:[^:]+:\d{12}:database\/([^/]+)$/.exec(arn)?.[1];
}
