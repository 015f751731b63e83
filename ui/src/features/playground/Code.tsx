/** The call that is being tried, to take along. */
import { playgroundText } from "../../lib/words/playground";
import { CopyField } from "../../ui/CopyField";
import type { Snippets } from "./snippets";

export function Code({ snippets }: { snippets: Snippets }) {
  return (
    <section aria-label={playgroundText.code} className="flex flex-col gap-4 border-t pt-5">
      <div>
        <h2 className="font-semibold">{playgroundText.code}</h2>
        <p className="text-xs text-muted-foreground">{playgroundText.codeHint}</p>
      </div>
      <CopyField label={playgroundText.curl} value={snippets.curl} words={playgroundText} />
      <CopyField label={playgroundText.openai} value={snippets.openai} words={playgroundText} />
    </section>
  );
}
