import type { ConnectionSettings } from '#lib/store/connections'
import type { SelectOption } from '../../../_ui/select.tsx'

interface Words {
  label: string
  help: string
}

type ChoiceName = 'noMatchPolicy' | 'projectTotals' | 'autoNumbering' | 'conflictPolicy' | 'secondApprover'
type TextName = Exclude<keyof ConnectionSettings, ChoiceName>

export type SettingField = Words &
  (
    | { kind: 'text'; name: TextName; suffix?: string; placeholder?: string }
    | { kind: 'choice'; name: ChoiceName; options: readonly SelectOption[] }
  )

export interface SettingGroup {
  title: string
  fields: readonly SettingField[]
}

/** The settings of a connection in the words of the page. */
export function settingGroups(erp: string, crm: string, listLag: number | null): readonly SettingGroup[] {
  return [
    {
      title: 'What a run does',
      fields: [
        {
          kind: 'text',
          name: 'batchSize',
          label: 'Batch size',
          suffix: 'projects',
          help: 'So many projects in one batch. A run without “Keep going” ends after one.',
        },
        {
          kind: 'choice',
          name: 'noMatchPolicy',
          label: `If no ${crm} project matches`,
          options: [
            { value: 'leave', label: 'Leave it for review' },
            { value: 'create', label: `Create it in ${crm}` },
          ],
          help: 'What the Synchronize page proposes; it can be chosen anew for each run.',
        },
        {
          kind: 'choice',
          name: 'projectTotals',
          label: 'Project totals',
          options: [
            { value: 'each_run', label: 'Read in each run' },
            { value: 'nightly', label: 'Read once a night' },
            { value: 'never', label: 'Never read' },
          ],
          help: `${erp} answers them one project at a time: the slowest part of a run.`,
        },
        {
          kind: 'text',
          name: 'fullReadEvery',
          label: 'Read everything every',
          suffix: 'runs',
          help: 'The runs between read only what has changed since.',
        },
      ],
    },
    {
      title: 'What needs a decision',
      fields: [
        {
          kind: 'choice',
          name: 'conflictPolicy',
          label: 'If both sides changed a shared field',
          options: [
            { value: 'erp_wins', label: `${erp} wins` },
            { value: 'crm_wins', label: `${crm} wins` },
            { value: 'newest_wins', label: 'The newest change wins' },
            { value: 'ask', label: 'Ask, and write nothing' },
          ],
          help: 'Fields that one side owns are not asked about: the field map says who owns which.',
        },
        {
          kind: 'choice',
          name: 'secondApprover',
          label: 'Who approves a previewed plan',
          options: [
            { value: 'false', label: 'Anyone who may run a sync' },
            { value: 'true', label: 'Somebody else than who made it' },
          ],
          help: 'With a second person, nobody applies a plan of their own.',
        },
      ],
    },
    {
      title: `Writing to ${crm}`,
      fields: [
        {
          kind: 'text',
          name: 'externalKeyField',
          label: 'External-key field',
          help: `Custom text field in ${crm} that holds the ${erp} key, so that nothing is ever created twice.`,
        },
        {
          kind: 'choice',
          name: 'autoNumbering',
          label: 'Numbering of new records',
          options: [
            { value: 'detect', label: 'Find out by itself' },
            { value: 'on', label: `${crm} numbers them` },
            { value: 'off', label: `Take the ${erp} number` },
          ],
          help: `Whether ${crm} gives projects and employees their numbers.`,
        },
        {
          kind: 'text',
          name: 'graceSeconds',
          label: 'Wait before asking again',
          suffix: 'seconds',
          help: `After a create without an answer: so long until its absence is believed. ${measured(crm, listLag)}`,
        },
      ],
    },
    {
      title: `Writing to ${erp}`,
      fields: [
        {
          kind: 'text',
          name: 'defaultTemplate',
          label: 'Default project template',
          placeholder: 'None',
          help: `Description of the ${erp} template for a project that is new in ${crm} and names none. Empty: it is not created.`,
        },
      ],
    },
    {
      title: 'How hard the systems are worked',
      fields: [
        {
          kind: 'text',
          name: 'erpRate',
          label: `Most requests to ${erp}`,
          suffix: 'a second',
          placeholder: 'No limit',
          help: `${erp} refuses more than 10 a second.`,
        },
        {
          kind: 'text',
          name: 'crmRate',
          label: `Most requests to ${crm}`,
          suffix: 'a second',
          placeholder: 'No limit',
          help: 'Empty: as many as it answers.',
        },
        {
          kind: 'text',
          name: 'erpDailyCalls',
          label: `Requests that ${erp} allows`,
          suffix: 'a day',
          placeholder: 'No limit',
          help: 'The overview and a run say how much of it is left. Nothing stops by itself.',
        },
        {
          kind: 'text',
          name: 'crmDailyCalls',
          label: `Requests that ${crm} allows`,
          suffix: 'a day',
          placeholder: 'No limit',
          help: 'By UTC day.',
        },
        {
          kind: 'text',
          name: 'erpConcurrency',
          label: `Requests to ${erp} at once`,
          help: 'From 1 to 16, at most. It begins with four and finds out what works.',
        },
        {
          kind: 'text',
          name: 'crmConcurrency',
          label: `Requests to ${crm} at once`,
          help: 'From 1 to 16, at most. Fewer are used by themselves while it is slow or refuses.',
        },
      ],
    },
  ]
}

/** What the setting has to exceed, as far as it is known. `milliseconds`: the longest that was seen. */
function measured(crm: string, milliseconds: number | null): string {
  if (milliseconds === null)
    return `How long ${crm} takes to list a new record is measured with the first one it numbers.`
  return `${crm} took ${(milliseconds / 1000).toFixed(1)} seconds at most to list a new record.`
}
