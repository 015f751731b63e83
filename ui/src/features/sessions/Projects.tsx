/** Projects as folders: opened to see their sessions, and sessions can be dropped on them. */
import { useRef, useState } from "react";
import { type Project, useProjects } from "../../api/projects";
import { text } from "../../lib/strings";
import { historyText } from "../../lib/words/history";
import { Button, buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { Menu } from "../../ui/Menu";
import { FieldProblem } from "../../ui/states";
import { useDropPlace } from "./carrying";
import { SessionList } from "./SessionList";
import type { ListLook } from "./SessionRow";
import { useMove } from "./useMove";
import { type AskProject, useProjectQuestions } from "./useProjectQuestions";

const words = historyText.projects;

export function Projects({ look }: { look: ListLook }) {
  const { data = [], error, refetch } = useProjects();
  const { ask, questions } = useProjectQuestions();
  const create = useRef<HTMLButtonElement>(null);
  return (
    <section aria-label={words.title}>
      <div className="flex items-center justify-between pl-3">
        <h3 className="text-xs font-medium text-muted-foreground">{words.title}</h3>
        <button
          ref={create}
          type="button"
          aria-label={words.create}
          title={words.create}
          className={`${buttonClass("quiet")} min-w-9 px-2`}
          onClick={() => ask("create", null, create)}
        >
          <Icon name="plus" />
        </button>
      </div>
      {error && (
        <div className="px-3 pb-4 text-sm">
          {words.failed}
          <FieldProblem error={error} />
          <Button className="mt-2" onClick={() => void refetch()}>
            {text.retry}
          </Button>
        </div>
      )}
      {data.length > 0 && (
        <ul aria-label={words.title}>
          {data.map((project) => (
            <li key={project.id}>
              <OneProject project={project} look={look} onAsk={ask} />
            </li>
          ))}
        </ul>
      )}
      {questions}
    </section>
  );
}

interface OneProps {
  project: Project;
  look: ListLook;
  onAsk: AskProject;
}

function OneProject({ project, look, onAsk }: OneProps) {
  const [isOpen, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const move = useMove();
  const place = useDropPlace((session) => move(session, project));
  const contents = `project-${look}-${project.id}`;
  return (
    <div {...place.handlers} className={place.isOver ? "rounded-lg bg-muted outline-2" : ""}>
      <div className="group flex items-center rounded-lg hover:bg-muted">
        <button
          type="button"
          data-row={project.id}
          aria-expanded={isOpen}
          aria-controls={isOpen ? contents : undefined}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-9 min-w-0 flex-1 cursor-pointer items-center gap-2 rounded-lg px-3 text-left text-sm"
        >
          <span className={isOpen ? "rotate-90" : ""}>
            <Icon name="next" />
          </span>
          <Icon name="folder" />
          <span className="truncate">{project.name}</span>
        </button>
        <Menu
          label={words.actions(project.name)}
          triggerRef={trigger}
          actions={[
            { label: words.rename, onSelect: () => onAsk("rename", project, trigger) },
            {
              label: words.delete,
              danger: true,
              onSelect: () => onAsk("delete", project, trigger),
            },
          ]}
        />
      </div>
      {project.deleting && <p className="px-3 text-xs text-destructive">{words.halfDeleted}</p>}
      {isOpen && (
        <div id={contents} className="ml-5 border-l pl-1">
          <FolderContent project={project} />
        </div>
      )}
    </div>
  );
}

const FolderContent = ({ project }: { project: Project }) => {
  const box = useRef<HTMLDivElement>(null);
  return (
    <div ref={box} className="max-h-80 overflow-y-auto p-0.5">
      <SessionList
        within={project.id}
        look="side"
        label={project.name}
        scroller={box}
        empty={<p className="px-3 py-2 text-xs text-muted-foreground">{words.empty}</p>}
      />
    </div>
  );
};
