import type { ComparisonView, DriftCounts } from '#lib/store/views-drift'
import type { RecordType } from '#lib/sync/records'
import { classNames } from '../../_ui/class-names.ts'
import { Disclosure } from '../../_ui/disclosure.tsx'
import { TextLink } from '../../_ui/link-button.tsx'
import { type Column, Table } from '../../_ui/table.tsx'
import { Time } from '../../_ui/time.tsx'
import { number } from '../sync/_run/run-words.ts'
import { dayWords, driftPercent, endWords, percentWords } from './drift-words.ts'

interface Point extends DriftCounts {
  runId: string
  at: string
  percent: number
}

/** More dots than this stand on one another on a narrow screen. */
const MOST_DOTS_WHEN_NARROW = 20

interface DriftChartProps {
  comparisons: readonly ComparisonView[]
  type: RecordType | null
  limit: number
}

/** Drift over time: a line for the eye, a sentence and a table for everybody. */
export function DriftChart({ comparisons, type, limit }: DriftChartProps) {
  const points = comparisons.flatMap((one): Point[] => {
    const counts = type === null ? one.total : one.byType[type]
    const percent = counts ? driftPercent(counts) : null
    return counts && percent !== null ? [{ runId: one.runId, at: one.at, percent, ...counts }] : []
  })
  if (points.length === 0)
    return <p className="py-6 text-center text-ink-muted">No comparison of these records in the last 90 days.</p>
  const highest = Math.max(1, ...points.map((point) => point.percent)) * 1.1
  // The limit is one for each type, not for all of them together.
  const shownLimit = type !== null && limit <= highest ? limit : null
  const [begin, end] = endWords(points[0]?.at ?? '', points.at(-1)?.at ?? '')
  return (
    <figure className="flex flex-col gap-3">
      <div className="flex gap-3">
        <div
          aria-hidden
          className="tabular flex h-40 w-12 shrink-0 flex-col justify-between text-end text-xs text-ink-faint"
        >
          <span>{percentWords(highest)}</span>
          <span>0 %</span>
        </div>
        <Plot points={points} highest={highest} limit={shownLimit} />
      </div>
      <div aria-hidden className="tabular flex justify-between ps-15 text-xs text-ink-muted">
        <span>{begin}</span>
        {points.length > 1 ? <span>{end}</span> : null}
      </div>
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-muted">
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-0.5 w-4 bg-accent" /> Pairs that differ
        </span>
        {shownLimit !== null ? (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="w-4 border-t-2 border-dashed border-bad-line" /> Too much: over {shownLimit} %
          </span>
        ) : null}
      </figcaption>
      <Disclosure summary="Show as a table">
        <PointTable points={points} />
      </Disclosure>
    </figure>
  )
}

/** Stretched to the width there is; dots and dashes keep their shape. */
function Plot({ points, highest, limit }: { points: readonly Point[]; highest: number; limit: number | null }) {
  const [from, to] = [Date.parse(points[0]?.at ?? ''), Date.parse(points.at(-1)?.at ?? '')]
  const x = (point: Point) => (to === from ? 50 : ((Date.parse(point.at) - from) / (to - from)) * 98 + 1)
  const y = (percent: number) => 100 - (percent / highest) * 100
  const line = points.map((point) => `${x(point)},${y(point.percent)}`).join(' ')
  return (
    <div className="relative h-40 min-w-0 flex-1 border-y border-line">
      <svg
        role="img"
        aria-label={sentence(points)}
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="absolute inset-0 size-full overflow-visible text-accent"
      >
        {limit !== null ? (
          <line
            x1="0"
            x2="100"
            y1={y(limit)}
            y2={y(limit)}
            vectorEffect="non-scaling-stroke"
            strokeDasharray="5 4"
            className="stroke-bad-line"
          />
        ) : null}
        <polygon points={`${line} ${to === from ? '50,100' : '99,100 1,100'}`} className="fill-accent/9" />
        <polyline
          points={line}
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      {points.map((point) => (
        <span
          key={point.runId}
          aria-hidden
          title={pointWords(point)}
          className={classNames(
            'absolute size-2 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-accent bg-surface',
            points.length > MOST_DOTS_WHEN_NARROW && 'max-md:hidden',
          )}
          style={{ insetInlineStart: `${x(point)}%`, top: `${y(point.percent)}%` }}
        />
      ))}
    </div>
  )
}

function PointTable({ points }: { points: readonly Point[] }) {
  const columns: Column<Point>[] = [
    {
      key: 'at',
      header: 'Compared',
      primary: true,
      cell: ({ at, runId }) => (
        <TextLink href={`/sync/${runId}`}>
          <Time at={at} show="exact" />
        </TextLink>
      ),
    },
    { key: 'compared', header: 'Pairs', align: 'end', cell: ({ compared }) => number(compared) },
    { key: 'differing', header: 'Differing', align: 'end', cell: ({ differing }) => number(differing) },
    { key: 'missing', header: 'Without partner', align: 'end', cell: ({ missing }) => number(missing) },
    { key: 'percent', header: 'Drift', align: 'end', cell: ({ percent }) => percentWords(percent) },
  ]
  return (
    <Table
      label="Drift over time"
      compact
      columns={columns}
      rows={points.toReversed()}
      rowKey={(point) => point.runId}
    />
  )
}

function pointWords(point: Point): string {
  return `${dayWords(point.at)}: ${percentWords(point.percent)}, ${number(point.differing)} of ${number(point.compared)} pairs differ`
}

function sentence(points: readonly Point[]): string {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return ''
  if (points.length === 1) return `One comparison. ${pointWords(first)}.`
  const highest = Math.max(...points.map((point) => point.percent))
  return `${number(points.length)} comparisons. First, ${pointWords(first)}. Last, ${pointWords(last)}. Highest: ${percentWords(highest)}.`
}
