import type { CheckFinding } from '#lib/sync/ports'
import { Status } from '../../../_ui/status.tsx'
import type { Tone } from '../../../_ui/tone.ts'

const LEVELS: Readonly<Record<CheckFinding['level'], { tone: Tone; word: string }>> = {
  ok: { tone: 'ok', word: 'In order' },
  warning: { tone: 'warn', word: 'Look at this' },
  error: { tone: 'bad', word: 'Does not work' },
}

const CHECKS: Readonly<Record<CheckFinding['check'], string>> = {
  reachable: 'Reachable',
  'signed-in': 'Signed in',
  permissions: 'Permissions',
  'external-key': 'External-key field',
  'custom-fields': 'Custom fields',
  clock: 'Clock',
}

export interface SideNames {
  erp: string
  crm: string
}

/** What a test found, side by side: check, icon and word, and a sentence that says what to do. */
export function CheckList({ findings, names }: { findings: readonly CheckFinding[]; names: SideNames }) {
  return (
    <div className="grid gap-x-8 gap-y-5 md:grid-cols-2">
      {(['erp', 'crm'] as const).map((side) => (
        <section key={side} aria-label={`Test of ${names[side]}`} className="min-w-0">
          <h3 className="pb-1 text-sm">{names[side]}</h3>
          <ul className="divide-y divide-line">
            {findings
              .filter((finding) => finding.side === side)
              .map((finding) => (
                <li key={`${finding.check} ${finding.message}`} className="py-2.5">
                  <div className="flex items-baseline justify-between gap-3 text-sm">
                    <span className="font-medium">{CHECKS[finding.check]}</span>
                    <Status tone={LEVELS[finding.level].tone}>{LEVELS[finding.level].word}</Status>
                  </div>
                  <p className="pt-0.5 text-sm text-ink-muted text-pretty [overflow-wrap:anywhere]">
                    {finding.message}
                  </p>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

/** The test's result in one sentence, for the announcement. */
export function checkSummary(findings: readonly CheckFinding[]): string {
  const errors = findings.filter(({ level }) => level === 'error').length
  const warnings = findings.filter(({ level }) => level === 'warning').length
  if (errors > 0) return `${errors} of ${findings.length} checks found something that does not work.`
  if (warnings > 0) return `The connection works; ${warnings} of ${findings.length} checks ask for a look.`
  return `All ${findings.length} checks are in order.`
}
