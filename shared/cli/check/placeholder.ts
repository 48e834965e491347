/** Accounts that AWS's documentation gives as examples. */
const EXAMPLE_ACCOUNTS = ['111122223333', '123456789012'];

export type ValueRemark = { readonly fault: string } | { readonly warning: string };

/** What is to be said of a value that was copied from an example; undefined where it looks like one's own. */
export function judgeValue(value: string): ValueRemark | undefined {
  const placeholder = /<[^>]*>|\.\.\./.exec(value)?.[0];
  if (placeholder !== undefined)
    return { fault: `expected a value of your own: ${placeholder} stands for one in an example` };
  const account = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):/.exec(value)?.[1];
  if (account === undefined) return undefined;
  if (!/^\d{12}$/.test(account))
    return { fault: `expected an account of 12 digits in the ARN, which "${account}" is not` };
  if (EXAMPLE_ACCOUNTS.includes(account))
    return { warning: `the account ${account} is one of AWS's examples: is it yours?` };
  return undefined;
}
