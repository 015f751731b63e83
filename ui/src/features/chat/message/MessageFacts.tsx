/** What is known of an answer besides its words. */
import type { Facts as Known } from "../../../chat/facts";
import { chatText } from "../../../lib/words/chat";
import { Facts } from "../../../ui/Facts";

const words = chatText.facts;

const shown = <Value,>(value: Value | null, show: (value: Value) => string) =>
  value === null ? "" : show(value);

export function MessageFacts({ facts }: { facts: Known }) {
  return (
    <Facts
      facts={[
        { name: words.model, value: facts.model },
        { name: words.servedBy, value: facts.servedBy === facts.model ? "" : facts.servedBy },
        {
          name: words.tokens,
          value: shown(facts.inputTokens, (n) => words.inAndOut(n, facts.outputTokens ?? 0)),
        },
        { name: words.firstToken, value: shown(facts.firstTokenMs, words.seconds) },
        { name: words.total, value: shown(facts.totalMs, words.seconds) },
        { name: words.speed, value: shown(facts.tokensPerSecond, words.perSecond) },
        { name: words.cost, value: shown(facts.cost, words.money) },
      ]}
    />
  );
}
