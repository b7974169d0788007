import type { FieldMapEntry, FieldOwner, FieldTransform } from '#lib/sync/field-map'
import type { SideNames } from '#lib/sync/messages'
import type { RecordType } from '#lib/sync/records'
import { TYPE_SINGULAR } from '../../record-types.ts'

/** The field map in the words of its screens. */

export const OWNERS: readonly FieldOwner[] = ['erp', 'shared', 'crm', 'create']

interface Words {
  readonly label: string
  /** What it means for a value, in a sentence. */
  readonly help: string
}

export function ownerWords(owner: FieldOwner, { erp, crm }: SideNames): Words {
  switch (owner) {
    case 'erp':
      return {
        label: `${erp} owns it`,
        help: `Its value is sent. What people change in ${crm} is put back, and the log says so.`,
      }
    case 'crm':
      return {
        label: `${crm} owns it`,
        help: `Its value is taken into ${erp}, where ${erp} has the field. Nothing is sent.`,
      }
    case 'shared':
      return {
        label: 'Shared',
        help: 'The side that changed wins. Where both changed, the setting of the connection decides.',
      }
    case 'create':
      return {
        label: 'At creation only',
        help: `Sent once, with a record that is new in ${crm}, and left alone after.`,
      }
  }
}

/** How a value is sent, short enough for a table. */
export function transformWords({ transform, constant, role, erp }: FieldMapEntry): string {
  if (role === 'number') return 'The record’s number'
  if (role === 'sync-flag') return 'Yes or no'
  if (constant !== undefined) return 'Always the same value'
  if (erp === '') return role === 'template' ? 'Names the template of a new project' : 'Shown only'
  return sendingWords(transform)
}

function sendingWords(transform: FieldTransform): string {
  switch (transform.kind) {
    case 'text':
      return 'Text'
    case 'memo':
      return 'Text of several lines'
    case 'date':
      return 'Date'
    case 'decimal':
      return transform.places === 0 ? 'Whole number' : `Number, ${transform.places} decimals`
    case 'flag':
      return 'Yes or no'
    case 'values':
      return `Value map, ${counted(transform.values)}`
    case 'code':
      return `Code of ${transform.table}`
    case 'listed-name': {
      const replaced = Object.keys(transform.values).length
      return `Name of ${transform.table}${replaced === 0 ? '' : `, ${replaced} replaced`}`
    }
    case 'reference':
      return `Paired ${TYPE_SINGULAR[transform.type].toLowerCase()}`
    case 'short-name':
      return 'While it fits the short name'
    case 'long-name':
      return 'Where the short name is too short'
  }
}

function counted(values: Readonly<Record<string, string>>): string {
  const count = Object.keys(values).length
  return `${count} value${count === 1 ? '' : 's'}`
}

/** The ways of sending that a person may choose. The names of a project have ways of their own, which stay. */
export const SENDING_KINDS = [
  'auto',
  'text',
  'memo',
  'date',
  'decimal',
  'flag',
  'values',
  'code',
  'listed-name',
  'reference',
] as const
export type SendingKind = (typeof SENDING_KINDS)[number]

export function sendingLabel(kind: SendingKind): string {
  switch (kind) {
    case 'auto':
      return 'By what the field holds'
    case 'decimal':
      return 'As a number'
    case 'values':
      return 'By a value map'
    case 'code':
      return 'As the code of a list'
    case 'listed-name':
      return 'As a name of a list'
    case 'reference':
      return 'As the record it is paired with'
    default:
      return `As ${SIMPLE[kind]}`
  }
}

const SIMPLE = { text: 'text', memo: 'text of several lines', date: 'a date', flag: 'yes or no' } as const

/** What an entry sends, as people call it. */
export function sourceWords({ erp, constant, role }: FieldMapEntry): string {
  if (constant !== undefined) return `“${constant}”`
  if (erp !== '') return erp
  return role === 'template' ? 'read, not sent' : 'shown only'
}

export const REFERENCE_TYPES: readonly RecordType[] = ['client', 'contact', 'employee', 'vendor', 'project']
