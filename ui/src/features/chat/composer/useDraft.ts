/** What is being written. It is forgotten only when the server has it. */
import { useEffect, useRef, useState } from "react";
import { keepDraft, keptDraft } from "../../../lib/drafts";

export function useDraft(sessionId: string, begunId: string) {
  const [said, setSaid] = useState(() => keptDraft(sessionId).said);
  const begun = useRef("");
  useEffect(() => {
    if (!begunId || begun.current === begunId) return;
    begun.current = begunId;
    keepDraft(sessionId, { id: "", said });
  }, [sessionId, begunId, said]);
  return {
    said,
    write: (next: string) => {
      keepDraft(sessionId, { id: "", said: next });
      setSaid(next);
    },
    /** Empties the field; a reload brings its words back as long as nobody has them. */
    sent: () => setSaid(""),
  };
}
