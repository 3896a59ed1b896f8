/** What the shipped function does to each record; goes to it as JSON in an environment variable. */
export interface JsonRecordsSettings {
  readonly removeFields: readonly string[];
  readonly requiredFields: readonly string[];
  readonly partitionFields: readonly string[];
}

/** Environment variable of the function that carries {@link JsonRecordsSettings}. */
export const SETTINGS_VARIABLE = 'JSON_RECORDS';

/** Of the settings as JSON: Lambda allows 4,096 bytes for all variables. */
export const MOST_SETTINGS_BYTES = 3_500;
