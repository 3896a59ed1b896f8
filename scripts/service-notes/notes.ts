/** What a person should know of a service beyond its list of operations. */
export interface ServiceNotes {
  /** Its name as AWS writes it. */
  readonly title: string;
  /** Module of aws-cdk-lib with its resource types; without one if none of its resources is emulated. */
  readonly module?: string;
  /** Markdown. */
  readonly text: string;
}

/** Notes by the service's name in credential scopes. */
export type NotesByService = Readonly<Record<string, ServiceNotes>>;
