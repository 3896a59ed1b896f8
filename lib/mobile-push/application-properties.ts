/** Where in a secret the credentials of a push service are. */
export interface CredentialSource {
  /** Key of the JSON in the secret. @default - the whole text is the credential */
  readonly credentialKey?: string;
  /** Key of the principal that belongs to it. @default - the platform has none, or it is no secret */
  readonly principalKey?: string;
}

/** Properties of the custom resource: what its handler needs to know. None is a secret. */
export interface ApplicationProperties {
  readonly Name: string;
  readonly Platform: string;
  readonly SecretArn: string;
  readonly Source: CredentialSource;
  /** Attributes of the platform application that are no secrets. */
  readonly Attributes: Readonly<Record<string, string>>;
  /** Changes when the secret has to be read again. */
  readonly SecretVersion?: string;
}
