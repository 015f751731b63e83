/** Every model there is. */
import { Link } from "@tanstack/react-router";
import { type Model, useModels } from "../../api/models";
import { modelText } from "../../lib/words/models";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { PagedList } from "../../ui/PagedList";
import { PageHeader } from "../../ui/PageHeader";
import { Empty } from "../../ui/states";
import { ModelRow } from "./ModelRow";
import { useRemoval } from "./useRemoval";

export function ModelsPage() {
  const list = useModels();
  const { ask, question } = useRemoval();
  return (
    <>
      <PageHeader title={modelText.title} intro={modelText.intro}>
        <div className="flex flex-wrap gap-2">
          <Link to="/admin/models/new/hosted" className={buttonClass()}>
            <Icon name="play" />
            {modelText.host}
          </Link>
          <Link to="/admin/models/new" className={buttonClass("primary")}>
            <Icon name="plus" />
            {modelText.add}
          </Link>
        </div>
      </PageHeader>
      <PagedList
        list={list}
        label={modelText.title}
        words={modelText}
        empty={
          <Empty title={modelText.emptyTitle} body={modelText.emptyBody}>
            <code className="text-sm">{modelText.command}</code>
          </Empty>
        }
        keyOf={idOf}
      >
        {(model) => <ModelRow model={model} onRemove={ask} />}
      </PagedList>
      {question}
    </>
  );
}

const idOf = (model: Model) => model.modelId;
