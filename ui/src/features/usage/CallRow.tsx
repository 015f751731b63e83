/** One call: of what was asked and answered nothing is kept. */
import type { Call } from "../../api/usage";
import { usageText } from "../../lib/words/usage";
import { Badge } from "../../ui/Badge";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";

const { short, money, duration } = usageText;

export function CallRow({ call }: { call: Call }) {
  const isGood = call.status < 400 && call.ended === "done";
  return (
    <article>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="min-w-0 text-sm font-medium">{call.model}</h3>
        <Badge look={isGood ? "good" : "bad"}>
          {call.status < 400
            ? (usageText.ended[call.ended] ?? call.ended)
            : usageText.status(call.status)}
        </Badge>
        <span className="ml-auto text-xs text-muted-foreground">
          <Moment at={call.at} />
        </span>
      </div>
      <div className="mt-1.5">
        <Facts facts={factsOf(call)} />
      </div>
      {call.unsettled && (
        <p className="mt-1 text-xs text-muted-foreground">{usageText.unsettled}</p>
      )}
    </article>
  );
}

function factsOf(call: Call) {
  const tokens = usageText.inAndOut(short(call.prompt_tokens), short(call.completion_tokens));
  const first = call.first_byte_ms == null ? "" : usageText.firstByte(duration(call.first_byte_ms));
  return [
    { name: usageText.user, value: call.subject },
    { name: usageText.only.token, value: call.token_id },
    {
      name: usageText.tokens,
      value: call.estimated ? `${tokens} (${usageText.estimated})` : tokens,
    },
    { name: usageText.cost, value: call.cost ? money(call.cost) : "" },
    {
      name: usageText.took,
      value: [duration(call.total_ms), first].filter(Boolean).join(", "),
    },
    { name: usageText.upstream, value: call.upstream },
    { name: usageText.servedBy, value: call.served_by === call.model ? "" : call.served_by },
    { name: usageText.tries, value: call.tries > 1 ? String(call.tries) : "" },
  ];
}
