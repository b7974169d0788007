import type { RecordView } from '#lib/store/views-record'
import type { SideNames } from '#lib/sync/messages'
import { problemView } from '#lib/sync/problem-words'
import type { WhyReason } from '#lib/sync/why'
import { classNames } from '../../_ui/class-names.ts'
import { TextLink } from '../../_ui/link-button.tsx'
import { Time } from '../../_ui/time.tsx'
import { TONE_BORDER, TONE_ICON, TONE_TEXT, TONE_TINT, type Tone } from '../../_ui/tone.ts'
import { address } from '../address.ts'
import { type ProblemLink, problemLink } from '../problem-links.ts'
import { STATE_WORDS } from '../sync/_run/run-words.ts'

const TONES: Readonly<Partial<Record<WhyReason, Tone>>> = {
  created: 'ok',
  updated: 'ok',
  mapped: 'ok',
  unchanged: 'ok',
  failed: 'bad',
  'run-stopped': 'bad',
  'gone-in-crm': 'bad',
  'gone-in-erp': 'bad',
  conflict: 'warn',
  unanswered: 'warn',
  'left-out': 'warn',
  'no-match': 'warn',
  ambiguous: 'warn',
  'no-last-name': 'warn',
  notReached: 'warn',
  'failed-in-this-drain': 'warn',
  'not-set-to-sync': 'idle',
  closed: 'idle',
  pinned: 'idle',
  'unpaired-since': 'idle',
}

/** Why the record did or did not sync, in one sentence, with the run it is about and what comes next. */
export function WhyCard({ record, names }: { record: RecordView; names: SideNames }) {
  const { why, run } = record
  const link = fixLink(record, names)
  const tone = TONES[why.reason] ?? 'info'
  const Icon = TONE_ICON[tone]
  const next = nextWords(record, names)
  return (
    <section
      aria-labelledby="why-title"
      className={classNames('rounded-card border', TONE_TINT[tone], TONE_BORDER[tone])}
    >
      <div className="flex items-start gap-3 px-4 py-4 sm:px-5">
        <Icon aria-hidden size={20} strokeWidth={1.75} className={classNames('mt-0.5 shrink-0', TONE_TEXT[tone])} />
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <h2 id="why-title" className="text-sm font-medium text-ink-muted">
            Why did it sync, or not?
          </h2>
          <p className="max-w-[84ch] text-lg text-pretty wrap-anywhere">{why.sentence}</p>
          <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 pt-1 text-sm text-ink-muted">
            {run === null ? null : (
              <span>
                <TextLink href={`/sync/${run.id}`} prefetch={false}>
                  The run
                </TextLink>{' '}
                ended <Time at={run.finishedAt} />: {STATE_WORDS[run.status].label.toLowerCase()}
              </span>
            )}
            {why.code === null ? null : (
              <TextLink href={address('/log', { code: why.code })} prefetch={false} className="font-mono text-xs">
                {why.code}
              </TextLink>
            )}
            {link === null ? null : (
              <TextLink href={link.href} prefetch={false}>
                {link.label}
              </TextLink>
            )}
          </p>
        </div>
      </div>
      {next === null ? null : (
        <p className="border-t border-line px-4 py-2.5 text-sm text-pretty sm:px-5">
          <strong className="font-medium">The next sync</strong> {next}
        </p>
      )}
    </section>
  )
}

/** Where the problem is put right, unless that is on this very page. */
function fixLink({ type, erpKey, why, run }: RecordView, names: SideNames): ProblemLink | null {
  const action = problemView(why.code, names)?.action ?? null
  if (action === 'open-record' || action === 'settle-conflict' || action === 'restore-mapping') return null
  return problemLink(action, { type, erpKey, runId: run?.id ?? null })
}

function nextWords({ fields, pair }: RecordView, { erp, crm }: SideNames): string | null {
  if (pair === null || fields.every((field) => field.state === null)) return null
  const count = (state: string) => fields.filter((field) => field.state === state || field.state === 'both').length
  const parts = [
    [count('send'), `sends {n} to ${crm}`],
    [count('take'), `takes {n} into ${erp}`],
    [fields.filter((field) => field.state === 'conflict').length, 'leaves {n} until you have decided'],
  ] as const
  const words = parts.flatMap(([n, text]) => (n === 0 ? [] : [text.replace('{n}', `${n} field${n === 1 ? '' : 's'}`)]))
  if (words.length === 0) return 'has nothing to write for this record as both sides were last read.'
  return `${words.join(', ')}, as both sides were last read.`
}
