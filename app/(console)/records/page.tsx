import { redirect } from 'next/navigation'
import { requireUser } from '#lib/access/session'

/** Records are found in the mapping table. */
export default async function RecordsPage() {
  await requireUser('read')
  redirect('/mapping')
}
