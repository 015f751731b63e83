/** How many replicas there are wanted, and between which limits. */
import { type FormEvent, useState } from "react";
import type { Scaling } from "../../../api/hostedTypes";
import { type Model, type ModelChange, useChangeModel } from "../../../api/models";
import { pageText } from "../../../lib/words/modelPage";
import { Button } from "../../../ui/Button";
import { FieldGroup, TextField } from "../../../ui/fields";
import { useNotices } from "../../../ui/Notices";
import { FieldProblem } from "../../../ui/states";
import { refuseUnordered } from "../hosting/hostingFields";

const words = pageText.replicas;
const NAMES = ["minimum", "desired", "maximum"] as const;

interface Props {
  model: Model;
  scaling: Scaling;
}

export function ReplicaNumber({ model, scaling }: Props) {
  const [typed, setTyped] = useState({
    minimum: String(scaling.minimum),
    desired: String(scaling.desired),
    maximum: String(scaling.maximum),
  });
  const [misread, setMisread] = useState<unknown>(null);
  const save = useChangeModel(model.modelId);
  const { notify } = useNotices();
  const isChanged = NAMES.some((name) => typed[name] !== String(scaling[name]));

  const send = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    try {
      setMisread(null);
      const change: ModelChange = { autoScalingInstanceConfig: capacityOf(typed) };
      save.mutate({ change, version: model.version }, { onSuccess: () => notify(words.changed) });
    } catch (error) {
      setMisread(error);
    }
  };
  const problem = misread ?? save.error;
  return (
    <form onSubmit={send} className="rounded-xl border bg-card p-4">
      <FieldGroup legend={words.number}>
        <div className="grid grid-cols-1 items-end gap-4 sm:grid-cols-4">
          {NAMES.map((name) => (
            <TextField
              key={name}
              label={words[name]}
              type="number"
              inputMode="numeric"
              min={name === "maximum" ? 1 : 0}
              max={100}
              step={1}
              required
              value={typed[name]}
              onChange={(n) => setTyped({ ...typed, [name]: n })}
            />
          ))}
          <Button type="submit" look="primary" disabled={!isChanged}>
            {words.change}
          </Button>
        </div>
        {Boolean(problem) && <FieldProblem error={problem} />}
      </FieldGroup>
    </form>
  );
}

function capacityOf(typed: Record<(typeof NAMES)[number], string>) {
  const [minCapacity, desiredCapacity, maxCapacity] = NAMES.map((name) => Number(typed[name]));
  refuseUnordered(minCapacity, desiredCapacity, maxCapacity);
  return { minCapacity, desiredCapacity, maxCapacity };
}
