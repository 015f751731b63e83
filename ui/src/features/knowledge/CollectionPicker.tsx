/** Chooses among collections, however many there are: found by their names, shown page by page. */
import { useState } from "react";
import { useCollections } from "../../api/collections";
import { text } from "../../lib/strings";
import { useSettled } from "../../lib/useSettled";
import { pickerText as words } from "../../lib/words/knowledge";
import { Button } from "../../ui/Button";
import { CheckField, FieldGroup, TextField } from "../../ui/fields";
import { FieldProblem, Loading } from "../../ui/states";

const FEW = 10;
const MOST = 20; // as the server has it

interface Props {
  /** By the names of their vector stores. */
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

export function CollectionPicker({ chosen, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const list = useCollections(useSettled(typed.trim()));
  const { data, error, isPending, hasNextPage } = list;
  const isLong = typed !== "" || hasNextPage || (data ?? []).length > FEW;
  const without = (id: string) => chosen.filter((one) => one !== id);
  return (
    <FieldGroup legend={words.legend}>
      {isLong && (
        <>
          <div className="max-w-md">
            <TextField label={words.find} type="search" value={typed} onChange={setTyped} />
          </div>
          <Chosen chosen={chosen} onLeaveOut={(id) => onChange(without(id))} />
        </>
      )}
      {error && <FieldProblem error={error} />}
      {isPending && <Loading what={words.loading} />}
      {data?.length === 0 && <p className="text-sm text-muted-foreground">{words.none}</p>}
      <div className="grid max-h-60 grid-cols-1 gap-2 overflow-y-auto p-1 sm:grid-cols-2">
        {data?.map(({ vectorStoreId: id, name }) => (
          <CheckField
            key={id}
            label={name}
            hint={id}
            checked={chosen.includes(id)}
            onChange={(isOn) => onChange(isOn ? [...without(id), id].slice(-MOST) : without(id))}
          />
        ))}
        {hasNextPage && (
          <Button
            className="justify-self-start sm:col-span-2"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? text.loading : words.more}
          </Button>
        )}
      </div>
    </FieldGroup>
  );
}

interface ChosenProps {
  chosen: string[];
  onLeaveOut: (id: string) => void;
}

/** What is chosen may be none of those that are shown. */
function Chosen({ chosen, onLeaveOut }: ChosenProps) {
  if (chosen.length === 0) return null;
  return (
    <ul aria-label={words.chosen} className="flex flex-wrap gap-2">
      {chosen.map((id) => (
        <li key={id} className="max-w-full">
          <Button
            className="max-w-full text-left"
            aria-label={words.leaveOut(id)}
            onClick={() => onLeaveOut(id)}
          >
            <span className="min-w-0">{id}</span> <span aria-hidden="true">✕</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}
