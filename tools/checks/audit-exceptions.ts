import type { AuditExceptions } from './judge-audit.ts';

/** Advisories that do not concern Millrace: address → why not, and what ends the exception. */
export const AUDIT_EXCEPTIONS: AuditExceptions = {};
