import type { DayOutcomes } from '#lib/store/views-overview'
import { classNames } from '../../_ui/class-names.ts'
import { TONE_FILL } from '../../_ui/tone.ts'
import { counted, number, OUTCOME_WORDS } from '../sync/_run/run-words.ts'

const STACK = ['failed', 'conflict', 'created', 'mapped', 'updated'] as const

const STRIPES =
  'bg-[repeating-linear-gradient(135deg,transparent_0_3px,color-mix(in_oklab,var(--color-surface)_55%,transparent)_3px_6px)]'

/** Records per day by outcome, as bars for the eye and as a list of sentences for everybody. */
export function DayChart({ days }: { days: readonly DayOutcomes[] }) {
  if (days.every((day) => day.runs === 0)) {
    return (
      <p className="py-6 text-center text-ink-muted">No sync in these days. Each one will add to the bar of its day.</p>
    )
  }
  const highest = Math.max(1, ...days.map(total))
  return (
    <figure className="flex flex-col gap-3">
      <div className="flex gap-3">
        <div aria-hidden className="tabular flex h-40 flex-col justify-between text-end text-xs text-ink-faint">
          <span>{number(highest)}</span>
          <span>0</span>
        </div>
        <ol
          aria-label="Records per day by outcome"
          className="flex h-40 min-w-0 flex-1 items-end gap-1 border-y border-line sm:gap-1.5"
        >
          {days.map((day) => (
            <Bar key={day.day} day={day} highest={highest} />
          ))}
        </ol>
      </div>
      <div aria-hidden className="tabular flex justify-between ps-10 text-xs text-ink-muted">
        <span>{dayWords(days[0]?.day)}</span>
        <span>{dayWords(days.at(-1)?.day)}</span>
      </div>
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-muted">
        {STACK.toReversed().map((outcome) => (
          <span key={outcome} className="inline-flex items-center gap-1.5">
            <span aria-hidden className={classNames('size-2 rounded-[2px]', fill(outcome))} />
            {OUTCOME_WORDS[outcome].label}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

function Bar({ day, highest }: { day: DayOutcomes; highest: number }) {
  const shown = STACK.filter((outcome) => day[outcome] > 0)
  return (
    <li title={sentence(day)} className="flex h-full min-w-0 flex-1 flex-col justify-end">
      <span className="sr-only">{sentence(day)}</span>
      <span
        aria-hidden
        className="flex flex-col gap-px overflow-hidden rounded-t-[3px]"
        style={{ height: `${(total(day) / highest) * 100}%` }}
      >
        {shown.map((outcome) => (
          <span key={outcome} className={classNames('min-h-[2px]', fill(outcome))} style={{ flexGrow: day[outcome] }} />
        ))}
      </span>
      {total(day) === 0 ? (
        <span aria-hidden className={classNames('h-[2px]', day.runs > 0 ? 'bg-ink/25' : 'bg-ink/8')} />
      ) : null}
    </li>
  )
}

function fill(outcome: (typeof STACK)[number]): string {
  const { tone, striped } = OUTCOME_WORDS[outcome]
  return classNames(TONE_FILL[tone], striped && STRIPES)
}

function total(day: DayOutcomes): number {
  return STACK.reduce((sum, outcome) => sum + day[outcome], 0)
}

function sentence(day: DayOutcomes): string {
  if (day.runs === 0) return `${dayWords(day.day)}: no sync`
  const parts = STACK.toReversed()
    .filter((outcome) => day[outcome] > 0)
    .map((outcome) => `${number(day[outcome])} ${OUTCOME_WORDS[outcome].label.toLowerCase()}`)
  return `${dayWords(day.day)}: ${counted(day.runs, 'sync')}, ${parts.length === 0 ? 'nothing to change' : parts.join(', ')}`
}

function dayWords(day: string | undefined): string {
  if (day === undefined) return ''
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' })
}
