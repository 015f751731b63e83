/** The tools of one server: which are off, which ask first and which just run. */
import { type Tool, type ToolServer, useTools } from "../../api/toolServers";
import { toolText } from "../../lib/words/tools";
import { Failed, Loading } from "../../ui/states";
import { USES, type Use, usageOf, useChoices, withUse } from "./choices";

const words = toolText.tools;

export function ToolChoices({ server }: { server: ToolServer }) {
  const { data, error, isPending, refetch } = useTools(server.id);
  const { choices, choose } = useChoices(server);
  if (isPending) return <Loading what={words.loading} />;
  if (!data) return <Failed title={words.failed} error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) return <p className="text-sm text-muted-foreground">{words.none}</p>;
  return (
    <ul aria-label={words.label(server.name)} className="divide-y rounded-lg border">
      {data.map((tool) => (
        <li key={tool.name} className="px-3 py-2">
          <OneTool
            tool={tool}
            use={usageOf(choices, tool.name)}
            onUse={(use) => choose(withUse(choices, tool.name, use))}
          />
        </li>
      ))}
    </ul>
  );
}

interface OneProps {
  tool: Tool;
  use: Use;
  onUse: (use: Use) => void;
}

function OneTool({ tool, use, onUse }: OneProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-mono text-sm">{tool.name}</p>
        <p className="line-clamp-2 text-xs text-muted-foreground">{tool.description}</p>
      </div>
      <select
        aria-label={words.choice(tool.name)}
        value={use}
        onChange={(event) => onUse(event.target.value as Use)}
        className="min-h-9 rounded-lg border border-input bg-card px-2 text-sm"
      >
        {USES.map((one) => (
          <option key={one} value={one}>
            {words.choices[one]}
          </option>
        ))}
      </select>
    </div>
  );
}
