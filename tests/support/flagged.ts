import type { SandboxControl } from '#lib/sandbox/control'

/** Firms, a person and a project of each, that the CRM has flagged and the ERP does not know. */
export const FLAGGED = 8

export async function addFlagged(control: SandboxControl): Promise<void> {
  const add = (type: 'firm' | 'contact' | 'project', fields: Record<string, string>) =>
    control.act({ action: 'add', side: 'crm', type, fields })
  for (let index = 0; index < FLAGGED; index += 1) {
    const ClientID = String(index + 1).padStart(32, 'A')
    await add('firm', { ClientID, Name: `Harbour firm ${index}`, ClientInd: 'Y', AjeraSync: 'Y' })
    await add('contact', {
      ContactID: String(index + 1).padStart(32, 'c'),
      FirstName: 'Ada',
      LastName: `Quay ${index}`,
      ClientID,
    })
    const project = { WBS1: `H-${index}`, Name: `Jetty ${index}`, LongName: `Jetty ${index}`, ClientID }
    await add('project', { ...project, AjeraSync: 'Y', ProjectTemplate: 'Standard Architecture' })
  }
}
