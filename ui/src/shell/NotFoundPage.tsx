/** An address that leads nowhere. */
import { Link } from "@tanstack/react-router";
import { text } from "../lib/strings";
import { buttonClass } from "../ui/Button";
import { PageTitle } from "../ui/PageTitle";
import { Empty } from "../ui/states";

export function NotFoundPage() {
  return (
    <>
      <PageTitle>{text.notFound.title}</PageTitle>
      <Empty as="h1" title={text.notFound.title} body={text.notFound.body}>
        <Link to="/sessions" className={buttonClass("primary")}>
          {text.notFound.home}
        </Link>
      </Empty>
    </>
  );
}
