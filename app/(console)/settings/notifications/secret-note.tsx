import { Note } from '../../../_ui/error-note.tsx'

/** The secret of a webhook, shown once: its receiver needs it to see that a request comes from here. */
export function SecretNote({ secret }: { secret: string }) {
  return (
    <Note tone="warn" role="status" title="Copy the signing secret now: it is not shown again.">
      <span className="flex flex-col gap-1">
        <span>The receiver checks the header Crosswalk-Signature with it. The guide has an example.</span>
        <code className="font-mono text-xs text-ink select-all [overflow-wrap:anywhere]">{secret}</code>
      </span>
    </Note>
  )
}
