import { SETTINGS_VARIABLE } from '../json-records-settings';
import { jsonRecords } from './json-records';

/** Transforms the records of a delivery stream. */
export const handler = jsonRecords(JSON.parse(process.env[SETTINGS_VARIABLE] ?? '{}'));
