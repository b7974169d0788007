import fc from 'fast-check'
import { FIELDS } from '#lib/ajera/fields'
import { defaultFieldMap } from '#lib/default-field-map'
import type { RunOptions } from '#lib/sync/eligibility'
import type { FieldMap, FieldMapEntry, FieldOwner } from '#lib/sync/field-map'
import type { ConflictPolicy } from '#lib/sync/merge'
import { type Fields, type FieldValue, RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { crmRecordOf, erpRecordOf, freshPair, type PureWorld, stampOf, type WorldRules } from './pure-world.ts'
import { baseOf, crmIdOf, meaningsOf, NAMES, namedFields, nameNumber } from './pure-world-values.ts'
import { describeCrm } from './sync-records.ts'

/** A field about which the two sides and the base may say different things; `base: null` knows nothing of it. */
interface Tweak {
  readonly field: number
  readonly erp: number
  readonly crm: number
  readonly base: number | null
}

/** One record of the world that both systems describe, and how far they have drifted apart. */
interface Drift {
  /** `lost`: paired, and the CRM has it no longer. */
  readonly where: 'paired' | 'lost' | 'unpaired' | 'erp' | 'crm'
  readonly name: number
  /** One side has renamed it since. */
  readonly renamed: { readonly side: 'erp' | 'crm'; readonly name: number } | null
  readonly spelling: 'same' | 'loud'
  readonly isFresh: boolean
  readonly tweaks: readonly Tweak[]
  readonly pins: readonly number[]
  readonly syncToCrm: boolean
  readonly createInCrm: boolean
  readonly closed: boolean
  readonly flagged: boolean
  readonly hasNumber: boolean
  /** Number of the client that both sides name. */
  readonly client: number | null
  readonly template: 'Standard' | 'Unknown' | null
  readonly modified: readonly [number, number]
}

const anyTweak: fc.Arbitrary<Tweak> = fc.record({
  field: fc.nat(60),
  erp: fc.nat(7),
  crm: fc.nat(7),
  base: fc.option(fc.nat(7), { freq: 6 }),
})

const anyDrift: fc.Arbitrary<Drift> = fc.record({
  where: fc.oneof(
    { weight: 8, arbitrary: fc.constant('paired' as const) },
    { weight: 6, arbitrary: fc.constantFrom('unpaired' as const, 'erp' as const, 'crm' as const) },
    { weight: 1, arbitrary: fc.constant('lost' as const) },
  ),
  name: fc.nat(NAMES - 1),
  renamed: fc.option(fc.record({ side: fc.constantFrom('erp', 'crm'), name: fc.nat(NAMES - 1) }), { freq: 1 }),
  spelling: fc.constantFrom('same', 'loud'),
  isFresh: fc.boolean(),
  tweaks: fc.array(anyTweak, { maxLength: 6 }),
  pins: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(60), { maxLength: 6 })),
  syncToCrm: fc.boolean(),
  createInCrm: fc.boolean(),
  closed: mostly(false),
  flagged: fc.boolean(),
  hasNumber: mostly(true),
  client: fc.option(fc.integer({ min: 1, max: 3 })),
  template: fc.constantFrom(null, null, 'Standard', 'Unknown'),
  modified: fc.tuple(fc.nat(9), fc.nat(9)),
})

function mostly(value: boolean): fc.Arbitrary<boolean> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(value) }, fc.constant(!value))
}

const SIZES: Readonly<Record<RecordType, number>> = { employee: 3, client: 3, vendor: 1, contact: 3, project: 6 }

export const anyOptions: fc.Arbitrary<RunOptions> = fc.record({
  mapUnsynced: fc.boolean(),
  whenNoMatch: fc.constantFrom('leave', 'create'),
  includeClosed: fc.boolean(),
  allBatches: fc.constant(true),
  preview: fc.constant(false),
})

const anyOwners = fc.option(
  fc.array(fc.constantFrom<FieldOwner[]>('erp', 'shared', 'crm'), { minLength: 7, maxLength: 7 }),
)

const ALL_WRITABLE: WorldRules['erpFields'] = { employee: [], client: [], vendor: [], contact: [], project: [] }

const anyRules: fc.Arbitrary<WorldRules> = fc
  .record({
    owners: anyOwners,
    onlyIfEmpty: fc.array(fc.nat(60), { maxLength: 2 }),
    hidden: fc.array(fc.nat(200), { maxLength: 2 }),
    unwritable: fc.array(fc.nat(200), { maxLength: 2 }),
    policy: fc.constantFrom<ConflictPolicy[]>('erp-wins', 'crm-wins', 'newest-wins', 'ask'),
    batchSize: fc.integer({ min: 1, max: 4 }),
    limit: fc.constantFrom(255, 20),
    numbered: fc.boolean(),
    defaultTemplate: fc.constantFrom('Standard', null),
    erpFields: fc.constantFrom(ALL_WRITABLE, FIELDS),
  })
  .map(({ owners, onlyIfEmpty, hidden, unwritable, limit, numbered, ...rules }) => {
    const fieldMap = mapOf(owners, onlyIfEmpty)
    return {
      ...rules,
      fieldMap,
      description: describeLimited(fieldMap, { limit, numbered, unwritable: namesAt(fieldMap, unwritable) }),
      templates: [{ key: '900', description: 'Standard' }],
      hidden: namesAt(fieldMap, hidden),
    }
  })

/** The default map, or one whose fields belong to anybody; the names and what is written once stay as they are. */
function mapOf(owners: readonly FieldOwner[] | null, onlyIfEmpty: readonly number[]): FieldMap {
  const own = (type: RecordType) =>
    defaultFieldMap[type].map((entry, index) => {
      const isFree = entry.owner !== 'create' && !isNameField(type, entry) && entry.role === undefined
      if (!isFree) return entry
      const owner = owners?.[index % owners.length] ?? entry.owner
      return onlyIfEmpty.includes(index) ? { ...entry, owner, onlyIfEmpty: true } : { ...entry, owner }
    })
  return {
    // Employees travel one way.
    employee: defaultFieldMap.employee,
    client: own('client'),
    vendor: own('vendor'),
    contact: own('contact'),
    project: own('project'),
  }
}

function isNameField(type: RecordType, entry: FieldMapEntry): boolean {
  return entry.crm in namedFields(type, 'x').crm || entry.crm === 'MiddleName'
}

function namesAt(fieldMap: FieldMap, places: readonly number[]): string[] {
  const all = RECORD_TYPES.flatMap((type) =>
    fieldMap[type]
      .filter((entry) => !isNameField(type, entry) && entry.role === undefined)
      .map((entry) => `${type} ${entry.crm}`),
  )
  return places.flatMap((place) => all[place] ?? [])
}

function describeLimited(fieldMap: FieldMap, how: { limit: number; numbered: boolean; unwritable: readonly string[] }) {
  const plain = describeCrm()
  const typeOf = (type: RecordType) => ({
    ...plain.types[type],
    lengths: Object.fromEntries(
      fieldMap[type].filter((entry) => !isNameField(type, entry)).map((entry) => [entry.crm, how.limit]),
    ),
    writableFields: fieldMap[type]
      .map((entry) => entry.crm)
      .filter((name) => !how.unwritable.includes(`${type} ${name}`)),
    assignsKey: how.numbered ? ('yes' as const) : ('no' as const),
  })
  return describeCrm({
    types: {
      employee: typeOf('employee'),
      client: typeOf('client'),
      vendor: typeOf('vendor'),
      contact: typeOf('contact'),
      project: typeOf('project'),
    },
    codeTables: { ...plain.codeTables, FirmType: plain.codeTables.ProjectType ?? [] },
  })
}

const anyDrifts = fc.record({
  employee: fc.array(anyDrift, { maxLength: SIZES.employee }),
  client: fc.array(anyDrift, { maxLength: SIZES.client }),
  vendor: fc.array(anyDrift, { maxLength: SIZES.vendor }),
  contact: fc.array(anyDrift, { maxLength: SIZES.contact }),
  project: fc.array(anyDrift, { maxLength: SIZES.project }),
})

/** Two systems that describe the same firm and have drifted apart, and what the sync remembers of earlier runs. */
export const anyPureWorld: fc.Arbitrary<PureWorld> = fc
  .record({
    rules: anyRules,
    drifts: anyDrifts,
    never: fc.array(
      fc.record({
        type: fc.constantFrom(...RECORD_TYPES),
        erpKey: fc.integer({ min: 1, max: 4 }),
        crm: fc.integer({ min: 1, max: 4 }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ rules, drifts, never }) => {
    const world: PureWorld = {
      ...{ rules, erp: [], crm: [], pairs: [], tick: 10, runs: 1, last: null },
      never: never.map(({ type, erpKey, crm }) => ({
        type,
        erpKey: String(erpKey),
        crmId: crmIdOf(type, String(crm)),
      })),
    }
    for (const type of RECORD_TYPES) {
      for (const [index, drift] of drifts[type].entries()) addDrift(world, type, String(index + 1), drift)
    }
    return Object.assign(world, { [fc.toStringMethod]: () => tell(world) })
  })

/** The world as a person reads it who looks for what is wrong: without what is the same in every world. */
function tell({ rules, erp, crm, pairs, never }: PureWorld): string {
  const { fieldMap, description, erpFields, ...others } = rules
  const owned = RECORD_TYPES.flatMap((type) =>
    fieldMap[type].flatMap((entry, index) => {
      const usual = defaultFieldMap[type][index]
      const isUsual = usual?.owner === entry.owner && usual.onlyIfEmpty === entry.onlyIfEmpty
      return isUsual ? [] : [`${type} ${entry.crm}: ${entry.owner}${entry.onlyIfEmpty ? ' only if empty' : ''}`]
    }),
  )
  const { lengths, assignsKey, writableFields } = description.types.project
  const told = {
    ...others,
    erp: erpFields === FIELDS ? 'as it is' : 'takes everything',
    owned,
    limit: lengths.Memo,
    assignsKey,
    writable: writableFields?.length,
    never,
  }
  return [told, ...erp, ...crm, ...pairs].map((one) => JSON.stringify(one)).join('\n')
}

function addDrift(world: PureWorld, type: RecordType, key: string, drift: Drift): void {
  const id = crmIdOf(type, key)
  const name = nameNumber(drift.name)
  const nameOn = (side: 'erp' | 'crm') => (drift.renamed?.side === side ? nameNumber(drift.renamed.name) : name)
  const sides = contentOf(world, type, drift)
  const crmName = drift.spelling === 'loud' ? ` ${nameOn('crm').toUpperCase()}` : nameOn('crm')
  if (drift.where !== 'crm') {
    const status: Fields = drift.closed && type === 'project' ? { Status: 'Closed' } : {}
    const number: Fields = type === 'project' ? { ID: drift.hasNumber ? id : null } : {}
    const fields = { ...number, ...namedFields(type, nameOn('erp')).erp, ...sides.erp, ...status }
    const flags = {
      syncToCrm: type !== 'project' || drift.syncToCrm,
      createInCrm: type === 'project' && drift.createInCrm,
    }
    world.erp.push(
      erpRecordOf({ type, key, name: '', fields, modifiedAt: stampOf(drift.modified[0]), closed: false, ...flags }),
    )
  }
  if (drift.where !== 'erp' && drift.where !== 'lost') {
    const flag: Fields =
      type === 'project' ? { AjeraSync: drift.flagged ? 'Y' : 'N', ProjectTemplate: drift.template } : {}
    const named = namedFields(type, drift.where === 'paired' ? nameOn('crm') : crmName).crm
    const shown = Object.entries({ ...named, ...sides.crm, ...flag }).filter(
      ([field]) => !world.rules.hidden.includes(`${type} ${field}`),
    )
    world.crm.push(
      crmRecordOf({
        ...{ type, id, name: '', longName: null, externalKey: null, syncFlag: drift.flagged, createdAt: null },
        fields: Object.fromEntries(shown),
        modifiedAt: stampOf(drift.modified[1]),
      }),
    )
  }
  if (drift.where !== 'paired' && drift.where !== 'lost') return
  const base = drift.isFresh ? null : { ...baseNames(world, type, name), ...sides.base }
  const pins = drift.pins.flatMap((place) => world.rules.fieldMap[type][place]?.crm ?? [])
  const pair = freshPair({ type, erpKey: key, crmId: id }, 0)
  world.pairs.push({ ...pair, base, pins: [...new Set(pins)] })
}

function contentOf(
  world: PureWorld,
  type: RecordType,
  { tweaks, client }: Drift,
): { erp: Fields; crm: Fields; base: Fields } {
  const free = world.rules.fieldMap[type].filter((entry) => !isNameField(type, entry) && entry.role === undefined)
  const [erp, crm, base] = clientOf(type, client)
  for (const tweak of tweaks) {
    const entry = free[tweak.field % Math.max(free.length, 1)]
    if (!entry) continue
    const meanings = meaningsOf(entry)
    const of = (index: number) => meanings[index % meanings.length] ?? { erp: null, crm: null }
    erp[entry.erp] = of(tweak.erp).erp
    crm[entry.crm] = of(tweak.crm).crm
    if (tweak.base !== null) base[entry.crm] = baseOf(entry, type, of(tweak.base))
  }
  return { erp, crm, base }
}

type Content = Record<string, FieldValue>

function clientOf(type: RecordType, client: number | null): [erp: Content, crm: Content, base: Content] {
  if (client === null || (type !== 'project' && type !== 'contact')) return [{}, {}, {}]
  const ClientID = crmIdOf('client', String(client))
  return [{ [type === 'project' ? 'ClientKey' : 'ContactClientKey']: String(client) }, { ClientID }, { ClientID }]
}

/** The names that an earlier sync has agreed on. */
function baseNames(world: PureWorld, type: RecordType, name: string): Fields {
  const { crm } = namedFields(type, name)
  const limit = world.rules.description.shortName.limit
  if (type !== 'project') return crm
  return [...name].length > limit ? { LongName: name } : { Name: name }
}
