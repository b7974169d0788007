import type { LastCheckView } from '#lib/store/views-overview'
import { Card } from '../../_ui/card.tsx'
import { LinkButton } from '../../_ui/link-button.tsx'
import { Status } from '../../_ui/status.tsx'
import { Time } from '../../_ui/time.tsx'
import type { Tone } from '../../_ui/tone.ts'
import type { SideNames } from '../sync/_run/run-words.ts'

interface HealthCardProps {
  names: SideNames
  check: LastCheckView | null
  /** Calls the newest run made, per side. */
  calls: { readonly erp: number; readonly crm: number } | null
  maySetUp: boolean
}

/** Whether both systems answered when they were last asked, and what the check found. */
export function HealthCard({ names, check, calls, maySetUp }: HealthCardProps) {
  const { tone, word } = verdict(check)
  return (
    <Card
      id="health"
      title="Both systems"
      context={
        check ? (
          <>
            Checked <Time at={check.at} />
          </>
        ) : (
          'Checked by every sync before it starts'
        )
      }
      actions={
        maySetUp ? (
          <LinkButton href="/settings/connection" size="small">
            Check now
          </LinkButton>
        ) : undefined
      }
    >
      <ul className="flex flex-col divide-y divide-line">
        {(['erp', 'crm'] as const).map((side) => (
          <li key={side} className="flex items-center justify-between gap-4 py-2 first:pt-0">
            <span className="min-w-0">
              <span className="block truncate font-medium">{names[side]}</span>
              <span className="tabular text-sm text-ink-muted">
                {calls && calls[side] > 0
                  ? `${calls[side].toLocaleString('en-US')} calls in the last sync`
                  : 'No calls yet'}
              </span>
            </span>
            <Status tone={tone}>{word}</Status>
          </li>
        ))}
      </ul>
      {check && check.findings.length > 0 ? (
        <ul className="flex flex-col gap-1.5 border-t border-line pt-3 text-sm">
          {check.findings.map((finding) => (
            <li key={finding.message} className="flex flex-col gap-0.5">
              <Status tone={finding.severity === 'error' ? 'bad' : 'warn'}>
                {finding.severity === 'error' ? 'Error' : 'Warning'}
              </Status>
              <span className="text-pretty wrap-anywhere">{finding.message}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  )
}

// One check covers both systems; what it found names the one it is about.
function verdict(check: LastCheckView | null): { tone: Tone; word: string } {
  if (check === null) return { tone: 'idle', word: 'Not checked yet' }
  if (check.passed === null) return { tone: 'info', word: 'Being checked' }
  return check.passed ? { tone: 'ok', word: 'Answered' } : { tone: 'bad', word: 'Check not passed' }
}
