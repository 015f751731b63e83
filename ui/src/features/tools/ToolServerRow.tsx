/** One tool server: where it is, whether it is on for the reader, and its tools. */
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { type ToolServer, useTestToolServer } from "../../api/toolServers";
import { toolText } from "../../lib/words/tools";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Facts } from "../../ui/Facts";
import { CheckField } from "../../ui/fields";
import { Menu } from "../../ui/Menu";
import { FieldProblem } from "../../ui/states";
import { useChoices } from "./choices";
import { sharedWith } from "./fields";
import { ToolChoices } from "./ToolChoices";
import type { AskRemoval } from "./useRemoval";

interface Props {
  server: ToolServer;
  onRemove: AskRemoval;
}

export function ToolServerRow({ server, onRemove }: Props) {
  const test = useTestToolServer(server.id);
  const [isOpen, setOpen] = useState(false);
  const { choices, choose } = useChoices(server);
  return (
    <div className="flex items-start gap-2">
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-medium">{server.name}</h2>
          <Badge>{toolText.transports[server.transport]}</Badge>
          {!server.active && <Badge look="bad">{toolText.inactive}</Badge>}
        </div>
        {server.description && (
          <p className="text-sm text-muted-foreground">{server.description}</p>
        )}
        <Facts facts={factsOf(server)} />
        <CheckField
          label={toolText.on}
          hint={toolText.onHint}
          checked={choices.enabled}
          onChange={(enabled) => choose({ ...choices, enabled })}
        />
        <Tested test={test} />
        {choices.enabled && (
          <Button className="self-start" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? toolText.tools.hide : toolText.tools.show}
          </Button>
        )}
        {choices.enabled && isOpen && <ToolChoices server={server} />}
      </div>
      <Actions server={server} onTest={() => test.mutate()} onRemove={onRemove} />
    </div>
  );
}

function factsOf(server: ToolServer) {
  return [
    { name: toolText.address, value: server.url },
    { name: toolText.command, value: server.command.join(" ") },
    { name: toolText.owner, value: server.is_owner ? "" : server.owner },
    { name: toolText.sharedWith, value: sharedWith(server) },
  ];
}

function Tested({ test }: { test: ReturnType<typeof useTestToolServer> }) {
  return (
    <div role="status" className="text-sm empty:hidden">
      {test.isPending && toolText.testing}
      {test.data && toolText.tested(test.data.tools.length, test.data.ms)}
      {test.error && (
        <>
          <p className="font-medium text-destructive">{toolText.testFailed}</p>
          <FieldProblem error={test.error} />
        </>
      )}
    </div>
  );
}

interface ActionsProps extends Props {
  onTest: () => void;
}

function Actions({ server, onTest, onRemove }: ActionsProps) {
  const trigger = useRef<HTMLButtonElement>(null);
  const navigate = useNavigate();
  const edit = () => void navigate({ to: "/tools/edit", search: { id: server.id } });
  const test = { label: toolText.test, onSelect: onTest };
  const own = [
    { label: toolText.edit, onSelect: edit },
    test,
    { label: toolText.remove, danger: true, onSelect: () => onRemove(server, trigger) },
  ];
  return (
    <Menu
      label={toolText.actions(server.name)}
      triggerRef={trigger}
      actions={server.may_change ? own : [test]}
    />
  );
}
