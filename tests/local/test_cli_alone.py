"""What the `lisa` command says while no LISA runs."""

import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from cli import checks
from cli.errors import document, error_of, render
from cli.expiry import expiry
from cli.main import build, run
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import (
    ConditionFailed,
    Conflict,
    Forbidden,
    Invalid,
    LisaError,
    NotAdmitted,
    Unavailable,
)
from lisa.http import errors as control_api

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in an empty folder, with a home that isn't there and no other setting."""
    for name in [name for name in os.environ if name.startswith("LISA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISA_HOME", str(tmp_path / "home"))


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    return int(ended.value.code or 0)


GROUPS = ("config", "models", "policy", "prompts", "rag", "sessions", "token", "tools", "user")
WITHOUT_EXAMPLE = [["version"], *([group] for group in GROUPS)]


def commands() -> Iterator[list[str]]:
    """List every command, by its words."""
    yield []
    for name, command in typer.main.get_group(build()).commands.items():
        yield [name]
        for inner in getattr(command, "commands", {}):
            yield [name, inner]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_explains_itself_without_colours(words: list[str]) -> None:
    told = CliRunner().invoke(build(), [*words, "--help"], env={"FORCE_COLOR": "1"})
    assert told.exit_code == 0
    assert "\x1b" not in told.output
    assert "\b" not in told.output
    if words not in WITHOUT_EXAMPLE:
        assert f"\n    lisa {' '.join(words)}".rstrip() in told.output


def test_no_command_takes_a_token_as_an_option() -> None:
    for words in commands():
        assert "--token" not in CliRunner().invoke(build(), [*words, "--help"]).output


def family(kind: type[LisaError] = LisaError) -> Iterator[type[LisaError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


def example(kind: type[LisaError]) -> LisaError:
    try:
        return kind("what happened", next_step="what to do", code="precise")
    except TypeError:
        return kind()  # type: ignore[call-arg]  # exactly the kinds that need no message


@pytest.mark.parametrize("kind", list(family()))
def test_every_error_is_told_with_its_next_step(kind: type[LisaError]) -> None:
    error = example(kind)
    code, text = render(error)
    assert text == f"error: {error.message}\nnext step: {error.next_step}"
    assert code == (3 if kind is Unavailable else 1)
    assert document(error) == {
        "error": {
            "code": error.precise_code,
            "message": error.message,
            "next_step": error.next_step,
        }
    }


@pytest.mark.parametrize("kind", list(family()))
def test_an_answer_becomes_the_error_that_the_api_meant(kind: type[LisaError]) -> None:
    meant = example(kind)
    status, body = control_api.render(meant, "r1")
    read = error_of(status, body, "http://lisa")
    is_unavailable = kind in (LisaError, Unavailable)
    by_status = {LisaError: Unavailable, ConditionFailed: Conflict, NotAdmitted: Forbidden}
    assert type(read) is by_status.get(kind, kind)
    assert read.message == meant.message + (" (request r1)" if is_unavailable else "")
    assert (read.precise_code, read.next_step) == (meant.precise_code, meant.next_step)


@pytest.mark.parametrize("body", [None, [], {}, {"error": "no"}, {"message": "Forbidden"}])
def test_an_answer_that_is_not_ours_is_told_so(body: object) -> None:
    assert "not as a LISA does" in error_of(502, body, "http://lisa").message


def test_an_error_from_elsewhere_cannot_steer_the_terminal() -> None:
    assert render(Invalid("a\x1b[2Jb\r\x9bc"))[1] == "error: a[2Jbc"


@pytest.mark.parametrize(
    ("text", "hours"), [("12h", 12), ("90d", 90 * 24), ("8w", 8 * 168), ("1y", 8760), (" 1h ", 1)]
)
def test_a_length_of_time_is_counted_from_now(text: str, hours: int) -> None:
    assert expiry(text, NOW) - NOW == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["90", "d", "-1d", "0d", "1.5d", "90 d", "1m", "٣d", "999999y"])
def test_any_other_length_of_time_is_refused_with_the_accepted_form(text: str) -> None:
    with pytest.raises(Invalid, match="--expires") as caught:
        expiry(text, NOW)
    assert "90d" in caught.value.next_step


@pytest.mark.parametrize(
    "words",
    [
        ["up"],
        ["down"],
        ["status"],
        ["login-url"],
        ["token", "list"],
        ["token", "revoke", "x"],
        ["token", "create", "--name", "x"],
    ],
    ids=" ".join,
)
def test_a_setting_that_is_unknown_or_invalid_is_named_at_once(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_text("LISA_PROT=1\nLISA_PORT=many\n")
    assert code_of(*words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "LISA_PROT is no setting of LISA; did you mean LISA_PORT?" in told.err
    assert "LISA_PORT: Input should be a valid integer" in told.err
    assert "next step: correct or remove it" in told.err


def test_the_version_does_not_care_for_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LISA_PROT", "1")
    assert code_of("version", "--json") == 0
    assert json.loads(capsys.readouterr().out)["version"]


def test_status_ends_with_3(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert code_of("status", "--json") == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["running"], told["home"]) == (False, str(tmp_path / "home"))
    assert not (tmp_path / "home").exists()


def test_doctor_tells_what_to_mend_and_makes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("LISA_PROT", "1")
    assert code_of("doctor", "--port", "0", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    found = {each["name"]: each for each in told["checks"]}
    assert not told["well"]
    assert "LISA_PROT is no setting" in found["settings"]["found"]
    assert all(each["well"] != bool(each["mend"]) for each in told["checks"])
    assert found["home"]["found"] == str(tmp_path / "home")
    assert found["Postgres"]["found"].startswith("postgres (PostgreSQL) 18.")
    assert [found[name]["well"] for name in ("Python", "home", "port", "data")] == [True] * 4
    assert list(tmp_path.iterdir()) == []
    assert code_of("doctor", "--port", "0") == 1
    assert "MEND  settings" in capsys.readouterr().out


def test_a_port_that_another_program_has_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        check = checks.port(LocalSettings(port=other.getsockname()[1]))
    assert not check.is_well
    assert "--port N" in check.mend


@pytest.mark.parametrize(
    ("check", "is_well"),
    [
        (checks.python((3, 10, 9)), False),
        (checks.python((3, 12, 0)), True),
        (checks.machine("Linux", "aarch64"), True),
        (checks.machine("Darwin", "arm64"), True),
        (checks.machine("Darwin", "x86_64"), False),
        (checks.machine("Windows", "AMD64"), False),
        (checks.pages(Path("nowhere")), False),
        (checks.home(Path("/proc/lisa")), False),
    ],
    ids=lambda value: f"{value.name} {value.found}" if isinstance(value, checks.Check) else "",
)
def test_each_check_knows_what_is_well(
    check: checks.Check,
    is_well: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert check.is_well == is_well


def test_data_outside_the_home_is_pointed_out(tmp_path: Path) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside"
    home.mkdir()
    outside.mkdir()
    (home / "postgres-lies-in").write_text(f"{outside}\n")
    assert checks.data(home).found == f"{outside}, outside the home"


def test_a_home_and_an_address_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("token", "list", "--home", "a", "--url", "http://b") == 1
    assert "give one of them" in capsys.readouterr().err
