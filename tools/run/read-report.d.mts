interface VitestReport {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

export function readVitestReport(
  project: string,
  report: VitestReport,
): { counts: { passed: number; failed: number; skipped: number }; lines: string[] };

export function failureLine(suite: string, what: string, message: string): string;
