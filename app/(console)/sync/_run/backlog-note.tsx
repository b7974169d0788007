import type { BacklogView } from '#lib/store/views-runs'
import { Note } from '../../../_ui/error-note.tsx'
import { TextLink } from '../../../_ui/link-button.tsx'
import { counted, optionLabels, type SideNames } from './run-words.ts'

/** What the last run left, and that the next one continues it with that run's options (sync-rules §2.3). */
export function BacklogNote({ backlog, names }: { backlog: BacklogView; names: SideNames }) {
  const options = optionLabels({ ...backlog.options, allBatches: false }, names)
  return (
    <Note tone="warn" title={backlog.message ?? `The last sync left ${counted(backlog.projects, 'project')}.`}>
      The next sync continues with the {counted(backlog.projects, 'project')} left, in {counted(backlog.runs, 'run')} or
      in one if you tick <em className="not-italic font-medium text-ink">Keep going</em>. It uses the options of the run
      that left them: {options.length === 0 ? 'none' : options.join('; ')}.{' '}
      <TextLink href={`/sync/${backlog.runId}`}>Open that run</TextLink>
    </Note>
  )
}
