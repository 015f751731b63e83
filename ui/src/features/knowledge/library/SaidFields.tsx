/** What is known of the files that are uploaded next; most need nothing of it. */
import { knowledgeText } from "../../../lib/words/knowledge";
import { AreaField, TextField } from "../../../ui/fields";
import { FieldProblem } from "../../../ui/states";
import type { Fields } from "./said";

const words = knowledgeText.uploads;

interface Props {
  fields: Fields;
  problem: unknown;
  onChange: (fields: Fields) => void;
}

export function SaidFields({ fields, problem, onChange }: Props) {
  return (
    <div className="w-full">
      <details>
        <summary className="cursor-pointer text-muted-foreground">{words.say}</summary>
        <div className="mt-3 grid grid-cols-1 gap-4 sm:grid-cols-2">
          <TextField
            label={knowledgeText.library.tags}
            hint={words.tagsHint}
            value={fields.tags}
            onChange={(tags) => onChange({ ...fields, tags })}
          />
          <AreaField
            label={words.facts}
            hint={words.factsHint}
            spellCheck={false}
            value={fields.facts}
            onChange={(facts) => onChange({ ...fields, facts })}
          />
        </div>
      </details>
      {Boolean(problem) && <FieldProblem error={problem} />}
    </div>
  );
}
