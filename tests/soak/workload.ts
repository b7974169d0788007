import type { SandboxControl } from '#lib/sandbox/control'

/** New records that nobody on the other side has yet; each of them is to be created there exactly once. */
export interface Added {
  /** ERP keys by type, to be created in the CRM. */
  readonly erp: { readonly type: 'employee' | 'client' | 'contact' | 'project'; readonly key: string }[]
  /** Names by type, to be created in the ERP. */
  readonly crm: { readonly type: 'client' | 'contact' | 'project'; readonly name: string }[]
}

const PER_ROUND = { employee: 20, client: 40, contact: 80, project: 60, flagged: 8 }

/** One round of work at both keyboards. `next` numbers the records, so that no name comes twice. */
export async function addRecords(control: SandboxControl, added: Added, next: () => number): Promise<void> {
  const inErp = async (type: Added['erp'][number]['type'], fields: Record<string, string | number | boolean>) => {
    const { key } = await control.act({ action: 'add', side: 'erp', type, fields })
    added.erp.push({ type, key: key ?? '' })
  }
  for (let n = 0; n < PER_ROUND.employee; n += 1) {
    await inErp('employee', { FirstName: 'Soak', LastName: `Employee ${next()}`, Status: 'Active' })
  }
  for (let n = 0; n < PER_ROUND.client; n += 1) await inErp('client', { Description: `Soak client ${next()}` })
  for (let n = 0; n < PER_ROUND.contact; n += 1) {
    await inErp('contact', { FirstName: 'Soak', LastName: `Contact ${next()}` })
  }
  for (let n = 0; n < PER_ROUND.project; n += 1) {
    const number = next()
    const fields = { ID: `S-${number}`, Description: `Soak project ${number}`, Status: 'Active', ProjectTypeKey: 1 }
    await inErp('project', { ...fields, SyncToCRM: false, CreateInCRM: true })
  }
  for (let n = 0; n < PER_ROUND.flagged; n += 1) await addFlagged(control, added, next())
}

async function addFlagged(control: SandboxControl, added: Added, number: number): Promise<void> {
  const add = (type: 'firm' | 'contact' | 'project', fields: Record<string, string>) =>
    control.act({ action: 'add', side: 'crm', type, fields })
  const ClientID = number.toString(16).toUpperCase().padStart(32, 'A')
  const names = { client: `Quay firm ${number}`, contact: `Quay ${number}`, project: `Jetty ${number}` }
  await add('firm', { ClientID, Name: names.client, ClientInd: 'Y', AjeraSync: 'Y' })
  const ContactID = number.toString(16).padStart(32, 'c')
  await add('contact', { ContactID, FirstName: 'Ada', LastName: names.contact, ClientID })
  const project = { WBS1: `Q-${number}`, Name: names.project, LongName: names.project, ClientID, AjeraSync: 'Y' }
  await add('project', { ...project, ProjectTemplate: 'Standard Architecture' })
  for (const type of ['client', 'contact', 'project'] as const) added.crm.push({ type, name: names[type] })
}
