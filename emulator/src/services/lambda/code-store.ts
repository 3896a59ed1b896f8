/** Where functions' code packages are: S3, as the composition root adapts it. */
export interface CodeStore {
  /**
   * The folder with the unpacked contents of an object; it is only read.
   *
   * @throws ServiceError when there is no such object, or it is no zip file
   */
  assetDirectory(bucket: string, key: string, account: string, region: string): Promise<string>;
}
