/** Every tool server one may use, and what one makes of it. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMe } from "../../api/identity";
import { type ToolServer, useToolServers, type WhoseServers } from "../../api/toolServers";
import { toolText } from "../../lib/words/tools";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { PagedList } from "../../ui/PagedList";
import { PageHeader } from "../../ui/PageHeader";
import { Segments } from "../../ui/Segments";
import { Empty } from "../../ui/states";
import { ToolServerRow } from "./ToolServerRow";
import { type AskRemoval, useRemoval } from "./useRemoval";

const WHOSE: WhoseServers[] = ["mine", "all"];

export function ToolServersPage() {
  const { data: me } = useMe(true);
  const [whose, setWhose] = useState<WhoseServers>("mine");
  const { ask, question } = useRemoval();
  return (
    <>
      <PageHeader title={toolText.title} intro={toolText.intro}>
        <Link to="/tools/new" className={buttonClass("primary")}>
          <Icon name="plus" />
          {toolText.add}
        </Link>
      </PageHeader>
      {me?.admin && (
        <Segments
          label={toolText.whoseLabel}
          value={whose}
          options={WHOSE.map((value) => ({ value, label: toolText.whose[value] }))}
          onChange={setWhose}
        />
      )}
      <Servers key={whose} whose={whose} onRemove={ask} />
      {question}
    </>
  );
}

function Servers({ whose, onRemove }: { whose: WhoseServers; onRemove: AskRemoval }) {
  const list = useToolServers(whose);
  return (
    <PagedList
      list={list}
      label={toolText.title}
      words={toolText}
      empty={<Empty title={toolText.emptyTitle} body={toolText.emptyBody} />}
      keyOf={idOf}
    >
      {(server) => <ToolServerRow server={server} onRemove={onRemove} />}
    </PagedList>
  );
}

const idOf = (server: ToolServer) => server.id;
