// `understudy check --explain CODE`: prints the page of a diagnostic. Exit status: 0, or 2 for a code
// that there is not.

import {
  diagnosticPage,
  isDiagnosticCode,
  nearestCode,
} from "../../core/config/pages/diagnostic-page.ts";
import { visible } from "../../core/config/render-diagnostic.ts";

type Output = { readonly write: (text: string) => unknown };

export function explainCode(
  code: string,
  { stdout, stderr }: { readonly stdout: Output; readonly stderr: Output },
): 0 | 2 {
  if (isDiagnosticCode(code)) {
    stdout.write(`${diagnosticPage(code)}\n`);
    return 0;
  }
  const nearest = nearestCode(code);
  const perhaps = nearest === undefined ? "" : `; perhaps \`${nearest}\``;
  stderr.write(`understudy check: there is no diagnostic \`${visible(code)}\`${perhaps}\n`);
  return 2;
}
