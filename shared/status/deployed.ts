export const FILE_NOT_DEPLOYED = 'The file is not what was deployed';

/** What is known of the flow's deployment beside the target. */
export type Deployed =
  | { readonly state: 'as-the-file' }
  | { readonly state: 'other-file' }
  /** What is to be there is not. */
  | { readonly state: 'missing'; readonly what: string }
  /** It may not be asked from here, which says nothing of the flow. */
  | { readonly state: 'unknown'; readonly because: string };
