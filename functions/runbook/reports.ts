import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { flowName } from '../../shared/flow/flow.ts';
import type { RunReports } from '../../shared/runbook/ports/reports.ts';
import { reportPage } from '../../shared/runbook/report/page.ts';
import { makeReport, type Objectives } from '../../shared/runbook/report/report.ts';

/** Reports as JSON and as a page, named after flow, generation and kind; written again they replace themselves. */
export function s3Reports(client: Pick<S3Client, 'send'>, bucket: string, objectives: Objectives): RunReports {
  return {
    write: async ({ flow, kind, way, generation, execution, dryRun, startedBy, reason }, records) => {
      const run = { flow: flowName(flow), kind, ...way, generation, execution, dryRun, startedBy, reason };
      const report = makeReport(run, records, objectives);
      const name = `${flow.source}-to-${flow.target}/${String(generation).padStart(10, '0')}-${kind}`;
      const put = (ending: string, ContentType: string, Body: string) =>
        client.send(new PutObjectCommand({ Bucket: bucket, Key: `${name}.${ending}`, ContentType, Body }));
      await Promise.all([
        put('json', 'application/json', JSON.stringify(report, null, 2)),
        put('html', 'text/html; charset=utf-8', reportPage(report)),
      ]);
      return `s3://${bucket}/${name}.html`;
    },
  };
}
