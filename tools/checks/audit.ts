import { askAudit } from './ask-audit.ts';
import { AUDIT_EXCEPTIONS } from './audit-exceptions.ts';
import type { Check } from './check.ts';
import { judgeAudit } from './judge-audit.ts';

/** Known vulnerabilities of all packages; severe ones fail. */
export const audit: Check = {
  name: 'audit',
  run: async () => judgeAudit(await askAudit(), AUDIT_EXCEPTIONS),
};
