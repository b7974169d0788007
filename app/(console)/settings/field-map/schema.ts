import { z } from 'zod'
import type { FieldOwner } from '#lib/sync/field-map'
import { foldWhiteSpace } from '#lib/sync/name-rule'
import { RECORD_TYPES } from '#lib/sync/records'
import { unknownFields } from '../../../_ui/form-values.ts'
import { OWNERS, SENDING_KINDS } from './map-words.ts'

const text = (longest: number) =>
  z
    .string()
    .max(longest, `Use at most ${longest} characters.`)
    .refine((value) => !value.includes('\u0000'), 'This holds a character that no system can store.')
    .transform(foldWhiteSpace)

const owner = z.custom<FieldOwner>((value) => OWNERS.some((one) => one === value), 'Choose one.')

/** Which type's map is edited, in which state it was read, and which entry it is about; `field` empty: a new one. */
const editedMap = {
  type: z.enum(RECORD_TYPES),
  version: z.string().regex(/^[0-9a-f]{16}$/),
  field: text(200),
}

/** The form of one entry. Of its parts only those that the choices call for are looked at. */
export const entryForm = z.strictObject(
  {
    ...editedMap,
    intent: z.enum(['save', 'try']),
    record: text(255).default(''),
    source: z.enum(['field', 'constant', 'none']).default('field'),
    erp: text(200).default(''),
    constant: z.string().max(2000, 'Use at most 2,000 characters.').default(''),
    crm: text(200).default(''),
    label: text(200).default(''),
    owner: owner.default('erp'),
    sending: z.enum(SENDING_KINDS).default('auto'),
    places: z
      .string()
      .regex(/^[0-8]?$/, 'Choose from 0 to 8 decimals.')
      .default(''),
    table: text(100).default(''),
    reference: z.enum(RECORD_TYPES).default('client'),
    onlyIfEmpty: z.literal('on').optional(),
    from: z.array(text(400)).max(2000),
    to: z.array(text(400)).max(2000),
  },
  { error: unknownFields },
)
export type EntryForm = z.output<typeof entryForm>

const { type, version, field } = editedMap

export const removeForm = z.strictObject({ type, version, field }, { error: unknownFields })

export const resetForm = z.strictObject({ type, version }, { error: unknownFields })

/** The button that was pressed says which way, and which entry: `up Status`. */
export const moveForm = z.strictObject(
  {
    type,
    version,
    move: z.string().transform((text, context) => {
      const [, direction, crm] = /^(up|down) (\S.{0,199})$/u.exec(text) ?? []
      if (crm !== undefined && (direction === 'up' || direction === 'down')) return [direction, crm] as const
      context.addIssue({ code: 'custom', message: 'This is no direction.' })
      return z.NEVER
    }),
  },
  { error: unknownFields },
)
export type MoveForm = z.output<typeof moveForm>
