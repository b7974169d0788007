import { X } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { CopyText } from '#app/_ui/copy-text.tsx'
import { Disclosure } from '#app/_ui/disclosure.tsx'
import { Note } from '#app/_ui/error-note.tsx'
import { LinkButton, TextLink } from '#app/_ui/link-button.tsx'
import { Time } from '#app/_ui/time.tsx'
import type { LogLineDetail } from '#lib/store/views-log'
import { displayText } from '#lib/sync/display-text'
import { type ProblemView, problemView } from '#lib/sync/problem-words'
import { address } from '../address.ts'
import { problemLink } from '../problem-links.ts'
import { TYPE_SINGULAR } from '../record-types.ts'
import { pageOfRecord } from '../records/record-href.ts'
import { RetryButton } from '../sync/retry-button.tsx'
import { EntryFocus } from './entry-focus.tsx'
import { Severity } from './severity.tsx'

export interface LogEntryProps {
  line: LogLineDetail | null
  closeHref: string
  erpName: string
  crmName: string
  /** May send a failed record again. */
  mayRun: boolean
}

/** The drawer: one line in full, why it happened, what to do, and where to go from it. */
export function LogEntry({ line, closeHref, erpName, crmName, mayRun }: LogEntryProps) {
  if (line === null) {
    return (
      <Drawer id="gone" title="This line is no longer there" closeHref={closeHref}>
        <p className="text-ink-muted">
          Lines are kept for the time set under retention. The link may also be from another connection.
        </p>
      </Drawer>
    )
  }
  const problem = problemView(line.code, { erp: erpName, crm: crmName })
  return (
    <Drawer id={line.id} title={displayText(line.erpName ?? line.method, 200)} closeHref={closeHref}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-muted">
        <Severity severity={line.severity} framed />
        <Time at={line.at} show="exact" />
        <span>{line.method}</span>
      </div>
      <p className="text-pretty wrap-anywhere">{displayText(line.message, 5_000)}</p>
      {problem === null ? null : <ProblemNote problem={problem} line={line} mayRun={mayRun} />}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 text-sm">
        {line.type === null ? null : <Row label="Record type">{TYPE_SINGULAR[line.type]}</Row>}
        {line.erpKey === null ? null : (
          <Row label={`${erpName} key`}>
            <CopyText text={displayText(line.erpKey)} label={`${erpName} key`} />
          </Row>
        )}
        {line.crmId === null ? null : (
          <Row label={`${crmName} id`}>
            <CopyText text={displayText(line.crmId)} label={`${crmName} id`} />
          </Row>
        )}
        <Row label="Time (UTC)">
          <span className="tabular">{line.at.replace('T', ' ').replace(/\d{3}Z$/, '')}</span>
        </Row>
      </dl>
      <EntryLinks line={line} />
      {line.details === null ? null : (
        <Disclosure summary="Technical details">
          <pre className="max-h-80 overflow-auto rounded-control border border-line bg-canvas p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
            {JSON.stringify(line.details, null, 2)}
          </pre>
        </Disclosure>
      )}
    </Drawer>
  )
}

function EntryLinks({ line }: { line: LogLineDetail }) {
  const page = pageOfRecord(line)
  const links: { href: string; label: string }[] =
    page === null ? [] : [{ href: page, label: 'Open this record, side by side' }]
  if (line.type !== null && line.erpKey !== null) {
    links.push({
      href: address('/log', { type: line.type, key: line.erpKey }),
      label: 'All lines about this record',
    })
  }
  if (line.runId !== null) {
    links.push({ href: `/sync/${line.runId}`, label: 'Open the run' })
    links.push({ href: address('/log', { run: line.runId }), label: 'All lines of this run' })
  }
  if (line.code !== null) {
    links.push({ href: address('/log', { code: line.code }), label: `All lines with ${line.code}` })
  }
  if (links.length === 0) return null
  return (
    <ul className="flex flex-col gap-1.5 border-t border-line pt-4 text-sm">
      {links.map(({ href, label }) => (
        <li key={href}>
          <TextLink href={href} prefetch={false}>
            {label}
          </TextLink>
        </li>
      ))}
    </ul>
  )
}

function ProblemNote({ problem, line, mayRun }: { problem: ProblemView; line: LogLineDetail; mayRun: boolean }) {
  const link = problemLink(problem.action, line)
  return (
    <Note tone={line.severity === 'error' ? 'bad' : 'warn'} title={problem.title} code={problem.code}>
      <p>{problem.cause}</p>
      <p className="pt-1 text-ink">
        <strong className="font-medium">Who can fix it: </strong>
        {problem.who}
      </p>
      <p className="pt-1 text-ink">
        <strong className="font-medium">What to do: </strong>
        {problem.fix}
      </p>
      {link === null ? null : (
        <p className="pt-2">
          <LinkButton size="small" href={link.href}>
            {link.label}
          </LinkButton>
        </p>
      )}
      {mayRun && problem.action === 'retry' ? <RetryLine line={line} /> : null}
    </Note>
  )
}

function RetryLine({ line: { runId, type, erpKey, erpName } }: { line: LogLineDetail }) {
  if (runId === null || type === null || erpKey === null) return null
  return (
    <div className="pt-2">
      <RetryButton runId={runId} record={{ type, side: 'erp', key: erpKey }}>
        Retry {displayText(erpName ?? '', 40) || erpKey}
      </RetryButton>
    </div>
  )
}

function Drawer({
  id,
  title,
  closeHref,
  children,
}: {
  id: string
  title: string
  closeHref: string
  children: ReactNode
}) {
  return (
    <aside
      aria-labelledby="entry-title"
      className="min-w-0 rounded-card border border-line bg-surface lg:sticky lg:top-4 lg:col-start-2 lg:row-start-1 lg:max-h-[calc(100dvh-32px)] lg:overflow-y-auto"
    >
      <div className="flex items-start justify-between gap-4 border-b border-line px-4 py-3">
        <EntryFocus key={id} closeHref={closeHref}>
          {title}
        </EntryFocus>
        <Link
          href={closeHref}
          scroll={false}
          aria-label="Close this line"
          className="-me-2 flex size-8 shrink-0 items-center justify-center rounded-control text-ink-muted hover:bg-ink/6 hover:text-ink"
        >
          <X aria-hidden size={16} strokeWidth={1.75} />
        </Link>
      </div>
      <div className="flex flex-col gap-4 px-4 py-4">{children}</div>
    </aside>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}
