/** The prompt library: one's own prompts, those shared, and for administrators all. */
import { useRef, useState } from "react";
import { useMe } from "../../api/identity";
import { type Prompt, usePrompts, type Whose } from "../../api/prompts";
import { promptText } from "../../lib/words/prompts";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { PagedList } from "../../ui/PagedList";
import { PageHeader } from "../../ui/PageHeader";
import { Segments } from "../../ui/Segments";
import { Empty } from "../../ui/states";
import { PromptRow } from "./PromptRow";
import { type AskPrompt, usePromptQuestions } from "./usePromptQuestions";

export function PromptsPage() {
  const { data: me } = useMe(true);
  const [whose, setWhose] = useState<Whose>("mine");
  const { ask, questions } = usePromptQuestions();
  const create = useRef<HTMLButtonElement>(null);
  const choices: Whose[] = me?.admin ? ["mine", "shared", "all"] : ["mine", "shared"];
  return (
    <>
      <PageHeader title={promptText.title} intro={promptText.intro}>
        <Button ref={create} look="primary" onClick={() => ask("create", null, create)}>
          <Icon name="plus" />
          {promptText.create}
        </Button>
      </PageHeader>
      <Segments
        label={promptText.whoseLabel}
        value={whose}
        options={choices.map((value) => ({ value, label: promptText.whose[value] }))}
        onChange={setWhose}
      />
      <Prompts key={whose} whose={whose} onAsk={ask} />
      {questions}
    </>
  );
}

function Prompts({ whose, onAsk }: { whose: Whose; onAsk: AskPrompt }) {
  const list = usePrompts(whose);
  const empty = promptText.empty[whose];
  return (
    <PagedList
      list={list}
      label={promptText.whose[whose]}
      words={promptText}
      empty={<Empty title={empty.title} body={empty.body} />}
      keyOf={idOf}
    >
      {(prompt) => <PromptRow prompt={prompt} onAsk={onAsk} />}
    </PagedList>
  );
}

const idOf = (prompt: Prompt) => prompt.id;
