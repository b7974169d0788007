import { classNames } from './class-names.ts'
import { TONE_FILL, type Tone } from './tone.ts'

export interface Segment {
  key: string
  label: string
  count: number
  tone: Tone
  /** Draws with stripes, to tell two segments of one tone apart. */
  striped?: boolean
}

export interface SegmentedBarProps {
  label: string
  segments: readonly Segment[]
  /** The whole; what the segments do not fill stays empty. Their sum unless told. */
  of?: number
  /** Names what the segments do not fill; it stands last in the list. */
  restLabel?: string
  /** Shows word and count of every segment below (on unless told). */
  legend?: boolean
}

const STRIPES =
  'bg-[repeating-linear-gradient(135deg,transparent_0_3px,color-mix(in_oklab,var(--color-surface)_55%,transparent)_3px_6px)]'

/** How a whole divides by outcome: a bar for the eye, a list of words and counts for everybody. */
export function SegmentedBar({ label, segments, of, restLabel, legend = true }: SegmentedBarProps) {
  const sum = segments.reduce((total, segment) => total + segment.count, 0)
  const whole = Math.max(of ?? sum, sum, 1)
  const shown = segments.filter((segment) => segment.count > 0)
  return (
    <div className="flex flex-col gap-2.5">
      <div aria-hidden className="flex h-2 w-full gap-px overflow-hidden rounded-full bg-ink/9">
        {shown.map((segment) => (
          <div
            key={segment.key}
            title={`${segment.label}: ${segment.count.toLocaleString('en-US')}`}
            className={classNames('h-full min-w-[3px]', TONE_FILL[segment.tone], segment.striped && STRIPES)}
            style={{ width: `${(segment.count / whole) * 100}%` }}
          />
        ))}
      </div>
      <ul aria-label={label} className={legend ? 'flex flex-wrap gap-x-4 gap-y-1 text-sm' : 'sr-only'}>
        {shown.map((segment) => (
          <li key={segment.key} className="inline-flex items-center gap-1.5 text-ink-muted">
            <span
              aria-hidden
              className={classNames('size-2 rounded-[2px]', TONE_FILL[segment.tone], segment.striped && STRIPES)}
            />
            <span>{segment.label}</span>
            <span className="tabular font-medium text-ink">{segment.count.toLocaleString('en-US')}</span>
          </li>
        ))}
        {restLabel && whole > sum && of ? (
          <li className="inline-flex items-center gap-1.5 text-ink-muted">
            <span aria-hidden className="size-2 rounded-[2px] bg-ink/15" />
            <span>{restLabel}</span>
            <span className="tabular font-medium text-ink">{(of - sum).toLocaleString('en-US')}</span>
          </li>
        ) : null}
      </ul>
    </div>
  )
}
