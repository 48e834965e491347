import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmFacts } from '../../../shared/metrics/alarms.ts';

export const MISSING: Readonly<Record<AlarmFacts['missing'], TreatMissingData>> = {
  breaching: TreatMissingData.BREACHING,
  notBreaching: TreatMissingData.NOT_BREACHING,
  ignore: TreatMissingData.IGNORE,
};
