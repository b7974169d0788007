import { may } from '#lib/access/roles'
import type { SessionUser } from '#lib/access/session'
import type { ConnectionView } from '#lib/store/connections'
import { Badge } from '../../../_ui/badge.tsx'
import { Card, Facts } from '../../../_ui/card.tsx'
import { Note } from '../../../_ui/error-note.tsx'
import { ORIGIN_WORDS } from '../../_frame/origin-words.ts'
import { TestCurrent } from './test-current.tsx'

const EXPLANATION: Readonly<Record<ConnectionView['origin'], string>> = {
  sandbox: 'Two systems that run on this machine with a made-up firm in them: nothing here touches real books.',
  environment:
    'Given by the variables AJERA_… and VANTAGEPOINT_… where Crosswalk is started. They are shown here and changed there.',
  screen: 'Entered on this page. What is secret is kept sealed and never shown again.',
}

/** What is connected just now, and whether it works. */
export function CurrentConnection({ connection, user }: { connection: ConnectionView | null; user: SessionUser }) {
  if (!connection) {
    return (
      <Note tone="warn" title="No systems are connected">
        Enter the access to Ajera and Vantagepoint below. Until then nothing can be synchronized.
      </Note>
    )
  }
  return (
    <Card
      id="current"
      title={connection.name}
      context={EXPLANATION[connection.origin]}
      actions={<Badge tone={connection.origin === 'sandbox' ? 'info' : 'ok'}>{ORIGIN_WORDS[connection.origin]}</Badge>}
    >
      <div className="flex flex-col gap-5">
        <Facts
          facts={[
            { label: 'Reads from', value: connection.erpName },
            { label: 'Writes to', value: connection.crmName },
            { label: 'Batch', value: `${connection.settings.batchSize.toLocaleString('en-US')} projects` },
          ]}
        />
        {may(user.role, 'settings') ? (
          <TestCurrent names={{ erp: connection.erpName, crm: connection.crmName }} />
        ) : (
          <p className="text-sm text-ink-muted">Only an administrator can test or change it.</p>
        )}
      </div>
    </Card>
  )
}
