/** Where a price was read: at AWS itself, at somebody who quotes AWS, or nowhere since it was noted down. */
export type PriceSource = 'aws' | 'quoted' | 'unconfirmed';

export interface Price {
  readonly usd: number;
  /** What one of costs `usd`. */
  readonly per: string;
  readonly region: 'us-east-1';
  readonly from: PriceSource;
  /** When it was last compared with its source, or noted down: year, month, day. */
  readonly lookedUp: string;
  /** The page; of an unconfirmed price the one to compare it with. */
  readonly source: string;
}

const priceFrom =
  (from: PriceSource) =>
  (usd: number, per: string, lookedUp: string, source: string): Price => {
    return { usd, per, region: 'us-east-1', from, lookedUp, source };
  };
const aws = priceFrom('aws');
const quoted = priceFrom('quoted');
const unconfirmed = priceFrom('unconfirmed');

const PRICE_LIST = 'a copy of the AWS Price List API';
const DYNAMODB = 'airbyte.com/data-engineering-resources/dynamodb-pricing';
const TRANSFER = 'redresscompliance.com/aws-inter-region-transfer-costs-multiregion.html';
const CLOUDWATCH = 'factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards';

/**
 * Every price that the model uses; there are none elsewhere. Without free tiers and discounts by volume. An unconfirmed
 * one is to be compared with its page before anybody decides by it.
 */
export const PRICES = {
  lambdaGbSecond: quoted(0.0000133334, 'GB-second of Lambda, arm64', '2026-09-19', PRICE_LIST),
  lambdaRequest: quoted(0.0000002, 'request of Lambda', '2026-09-19', PRICE_LIST),
  pollerUnitHour: aws(0.185, 'hour of an event poller unit', '2026-11-21', 'AWS Lambda developer guide, an example'),
  writeUnit: quoted(0.000000625, 'write request unit of DynamoDB, on demand', '2026-11-22', DYNAMODB),
  readUnit: quoted(0.000000125, 'read request unit of DynamoDB, on demand', '2026-11-22', DYNAMODB),
  tableGbMonth: unconfirmed(
    0.45,
    'GB-month in DynamoDB with its backup',
    '2026-11-22',
    'aws.amazon.com/dynamodb/pricing',
  ),
  transferGb: quoted(0.02, 'GB to another region', '2026-11-22', TRANSFER),
  transferGbNearby: quoted(0.01, 'GB between us-east-1 and us-east-2', '2026-11-22', TRANSFER),
  metricMonth: quoted(0.3, 'custom metric, a month', '2026-11-22', 'signoz.io/guides/cloudwatch-pricing'),
  alarmMonth: unconfirmed(0.1, 'metric of an alarm, a month', '2026-09-19', 'aws.amazon.com/cloudwatch/pricing'),
  compositeAlarmMonth: unconfirmed(0.5, 'composite alarm, a month', '2026-09-19', 'aws.amazon.com/cloudwatch/pricing'),
  dashboardMonth: quoted(3, 'dashboard, a month', '2026-11-22', CLOUDWATCH),
  logGb: quoted(0.5, 'GB of logs taken in', '2026-11-22', CLOUDWATCH),
  stateTransition: aws(0.000025, 'state transition', '2026-11-22', 'aws.amazon.com/step-functions/pricing'),
  replicatorHour: unconfirmed(0.3, 'hour of an MSK Replicator', '2026-11-21', 'aws.amazon.com/msk/pricing'),
  replicatorGb: unconfirmed(0.08, 'GB that an MSK Replicator processes', '2026-11-21', 'aws.amazon.com/msk/pricing'),
  connectUnitHour: quoted(0.11, 'hour of an MSK Connect unit', '2026-11-22', 'github.com/Gilgamech/OfferingOverview'),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/** US dollars by name. */
export type Prices = Readonly<Record<PriceName, number>>;

/** Those of the table, but for what is given in their place. */
export function pricesWith(given: ReadonlyMap<PriceName, number> = new Map()): Prices {
  const own = Object.entries(PRICES).map(([name, { usd }]): [string, number] => [name, usd]);
  return Object.fromEntries([...own, ...given]) as Record<PriceName, number>;
}

export function isPriceName(name: string): name is PriceName {
  return Object.hasOwn(PRICES, name);
}
