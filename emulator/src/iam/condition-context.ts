/**
 * What is known of a request: the values of its condition keys.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export interface ConditionContext {
  /**
   * The values of a key; undefined if the request does not have it.
   *
   * @param key - in lower case: the names of keys are compared without case
   */
  values(key: string): readonly string[] | undefined;
}
