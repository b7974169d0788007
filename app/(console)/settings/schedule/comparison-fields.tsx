import { CheckboxRow, ChoiceRows } from '../../../_ui/checkbox-row.tsx'
import { TextField } from '../../../_ui/field.tsx'
import type { SideNames } from '../../sync/_run/run-words.ts'
import type { ScheduleState } from './state.ts'

interface ComparisonFieldsProps {
  values: ScheduleState['values']
  errors: ScheduleState['fields']
  names: SideNames
}

/** When both sides are compared by themselves, and how much drift is too much. */
export function ComparisonFields({ values, errors, names }: ComparisonFieldsProps) {
  return (
    <ChoiceRows legend="Nightly comparison">
      <div className="group">
        <CheckboxRow
          name="reconcile"
          defaultChecked={values.reconcile === 'on'}
          title={`Compare ${names.erp} and ${names.crm} once a day`}
          help="Reads both systems completely and writes nothing. It shows how far they have drifted apart, and its list of differences can be applied as a repair."
        />
        <div className="hidden ps-11 pe-4 pb-4 group-has-[[name=reconcile]:checked]:block">
          <TextField
            name="reconcileTime"
            type="time"
            label="At"
            defaultValue={values.reconcileTime}
            error={errors.reconcileTime}
            help="Waits for a sync that is going, and for quiet hours to end."
            className="max-w-36"
          />
        </div>
      </div>
      <div className="px-4 py-4">
        <TextField
          name="driftPercent"
          inputMode="numeric"
          label="Too much drift"
          suffix="percent"
          defaultValue={values.driftPercent}
          error={errors.driftPercent}
          help="A comparison is pointed out, and told to those who are notified, when more of a type’s pairs differ than this."
          fieldClassName="sm:max-w-96"
          autoComplete="off"
        />
      </div>
    </ChoiceRows>
  )
}
