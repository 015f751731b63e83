/** Which collections are searched in this session, and files put into them from here. */
import { useRef, useState } from "react";
import { type Collection, useCollections } from "../../../api/collections";
import type { useUploads } from "../../../api/useUploads";
import { asProblem, sentence } from "../../../lib/problem";
import { useSettled } from "../../../lib/useSettled";
import { chatKnowledge } from "../../../lib/words/chatKnowledge";
import { Button } from "../../../ui/Button";
import { Dialog, DialogActions } from "../../../ui/Dialog";
import { CheckField, SelectField, TextField } from "../../../ui/fields";
import { Loading } from "../../../ui/states";
import { useOffers } from "../useOffers";

const words = chatKnowledge.collections;
const MOST = 10; // as the gateway has it

interface Props {
  chosen: string[];
  onChange: (chosen: string[]) => void;
  uploads: ReturnType<typeof useUploads>;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function CollectionsDialog({ chosen, onChange, uploads, onClose, returnFocus }: Props) {
  const offers = useOffers();
  const [wanted, setWanted] = useState("");
  const list = useCollections(useSettled(wanted.trim()));
  const all = list.data ?? [];
  const isLong = list.hasNextPage || all.length > MOST || wanted !== "";
  const isKnown = (id: string) => all.some(({ vectorStoreId }) => vectorStoreId === id);
  const gone = list.data && !isLong ? chosen.filter((id) => !isKnown(id)) : [];
  const without = (id: string) => chosen.filter((one) => one !== id);
  return (
    <Dialog
      title={words.title}
      description={words.intro}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      {list.isPending && <Loading />}
      {list.error && (
        <p className="text-sm text-destructive">
          {words.failed} {sentence(asProblem(list.error))}
        </p>
      )}
      {list.data && all.length === 0 && !wanted && (
        <p className="text-sm text-muted-foreground">{words.none}</p>
      )}
      {isLong && (
        <div className="mb-3">
          <TextField label={words.find} type="search" value={wanted} onChange={setWanted} />
        </div>
      )}
      <div className="flex max-h-60 flex-col gap-3 overflow-y-auto p-1">
        {all.map(({ vectorStoreId: id, name, description }) => (
          <CheckField
            key={id}
            label={name}
            hint={description || id}
            checked={chosen.includes(id)}
            onChange={(isOn) => onChange(isOn ? [...without(id), id].slice(-MOST) : without(id))}
          />
        ))}
        {gone.map((id) => (
          <CheckField
            key={id}
            label={id}
            hint={words.gone}
            checked
            onChange={() => onChange(without(id))}
          />
        ))}
      </div>
      <Adding
        collections={all.filter(({ mayAdd }) => mayAdd && offers.collectionUploads)}
        onFiles={(collection, files) => {
          uploads.add(collection, files);
          const { vectorStoreId: id } = collection;
          if (!chosen.includes(id)) onChange([...chosen, id].slice(-MOST));
          onClose();
        }}
      />
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {words.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface AddingProps {
  collections: Collection[];
  onFiles: (collection: Collection, files: File[]) => void;
}

/** What is put somewhere is asked about, so that collection is chosen as well. */
function Adding({ collections, onFiles }: AddingProps) {
  const field = useRef<HTMLInputElement>(null);
  const [id, setId] = useState(collections[0]?.vectorStoreId ?? "");
  const collection = collections.find((one) => one.vectorStoreId === id) ?? collections[0];
  if (!collection) return null;
  return (
    <div className="mt-4 flex flex-wrap items-end gap-2 border-t pt-4">
      <div className="min-w-40 flex-1">
        <SelectField
          label={words.into}
          value={collection.vectorStoreId}
          options={collections.map((one) => ({ value: one.vectorStoreId, label: one.name }))}
          onChange={setId}
        />
      </div>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label={words.files}
        onChange={(event) => onFiles(collection, [...(event.target.files ?? [])])}
      />
      <Button className="min-h-10" onClick={() => field.current?.click()}>
        {words.upload}
      </Button>
    </div>
  );
}
