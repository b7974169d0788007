import type { Fixer, ProblemAction } from './problem.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'

/** What people call the two systems. */
interface SideNames {
  readonly erp: string
  readonly crm: string
}

/** An entry of the catalogue as a screen shows it, in the names of the two systems. */
export interface ProblemView {
  readonly code: ProblemCode
  readonly severity: 'warning' | 'error'
  readonly title: string
  readonly cause: string
  /** Who can put it right: `You, here`, `Whoever runs Ajera`. */
  readonly who: string
  readonly fix: string
  readonly action: ProblemAction | null
}

/** Whether a code that was stored or typed is one of the catalogue; older versions may have had others. */
export function isProblemCode(code: string | null): code is ProblemCode {
  return code !== null && Object.hasOwn(PROBLEMS, code)
}

/** The catalogue's entry for a code in the names of the two systems (sync-rules §11); `null` for a code it has not. */
export function problemView(code: string | null, names: SideNames): ProblemView | null {
  if (!isProblemCode(code)) return null
  const { severity, title, cause, who, fix, action } = PROBLEMS[code]
  return {
    code,
    severity,
    title: inWords(title, names),
    cause: inWords(cause, names),
    who: whoWords(who, names),
    fix: inWords(fix, names),
    action: action ?? null,
  }
}

/** A text of the catalogue with the names of the two systems. */
export function inWords(text: string, names: SideNames): string {
  return text.replace(/\b[Tt]he (ERP|CRM)\b/g, (_, side: string) => (side === 'ERP' ? names.erp : names.crm))
}

/** Who can put a problem right, as an answer to that question. */
export function whoWords(who: Fixer, { erp, crm }: SideNames): string {
  switch (who) {
    case 'here':
      return 'You, here'
    case 'erp':
      return `Whoever enters the record in ${erp}`
    case 'crm':
      return `Whoever enters the record in ${crm}`
    case 'either':
      return `Whoever enters the record in ${erp} or ${crm}`
    case 'erp-system':
      return `Whoever runs ${erp}`
    case 'crm-system':
      return `Whoever runs ${crm}`
    case 'systems':
      return `Whoever runs ${erp} or ${crm}`
    case 'engineer':
      return 'The engineer who runs Crosswalk'
    case 'nobody':
      return 'Nobody: it passes by itself'
  }
}
