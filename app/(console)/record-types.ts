import type { RecordType } from '#lib/sync/records'

/** What screens call the record types; in the order in which people look for them. */
export const SHOWN_TYPES: readonly RecordType[] = ['project', 'client', 'contact', 'employee', 'vendor']

export const TYPE_SINGULAR: Readonly<Record<RecordType, string>> = {
  project: 'Project',
  client: 'Client',
  contact: 'Contact',
  employee: 'Employee',
  vendor: 'Consultant',
}

export const TYPE_PLURAL: Readonly<Record<RecordType, string>> = {
  project: 'Projects',
  client: 'Clients',
  contact: 'Contacts',
  employee: 'Employees',
  vendor: 'Consultants',
}
