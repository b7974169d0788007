import { CheckboxRow, ChoiceRows } from '../../../_ui/checkbox-row.tsx'
import type { SideNames } from '../../sync/_run/run-words.ts'
import type { ScheduleState } from './state.ts'

/** The options of the Synchronize page, for every run that the schedule starts. */
export function OptionFields({ values, names }: { values: ScheduleState['values']; names: SideNames }) {
  const box = (name: string) => ({ name, defaultChecked: values[name] === 'on' })
  return (
    <ChoiceRows legend="With these options">
      <div className="group">
        <CheckboxRow
          {...box('mapUnsynced')}
          title={`Map unsynced ${names.erp} projects to existing ${names.crm} projects`}
          help="Compares projects that are not set to sync by name too."
        />
        <fieldset className="hidden pb-1.5 group-has-[[name=mapUnsynced]:checked]:block">
          <legend className="float-start w-full ps-11 pe-4 pb-0.5 text-sm font-medium">
            If no {names.crm} project matches
          </legend>
          <div className="clear-both ps-4">
            <NoMatch value="leave" title="Leave it out and log it" chosen={values.whenNoMatch !== 'create'} />
            <NoMatch value="create" title={`Create it in ${names.crm}`} chosen={values.whenNoMatch === 'create'} />
          </div>
        </fieldset>
      </div>
      <CheckboxRow
        {...box('includeClosed')}
        title="Sync closed projects"
        help={`Also sends mapped projects that are closed in ${names.erp} and have changed.`}
      />
      <CheckboxRow
        {...box('allBatches')}
        title="Keep going until every batch is synced"
        help="Without this a run sends one batch, and the next start goes on with what is left."
      />
      <CheckboxRow
        {...box('historicalConsultants')}
        title={`Sync historical project consultants to ${names.crm}`}
        help={`Also matches and sends ${names.erp} vendors that are consultants.`}
      />
    </ChoiceRows>
  )
}

function NoMatch({ value, title, chosen }: { value: 'leave' | 'create'; title: string; chosen: boolean }) {
  return (
    <CheckboxRow
      type="radio"
      name="whenNoMatch"
      id={`whenNoMatch-${value}`}
      value={value}
      title={title}
      defaultChecked={chosen}
      className="py-1.5! ps-7!"
    />
  )
}
