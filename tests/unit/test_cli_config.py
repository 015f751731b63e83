"""What `lisa config ...` writes, checks and explains; no LISA runs and none is asked."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import build, run
from deployment.config.examples import EXAMPLES


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LISA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def lisa(*words: str, **environ: str) -> Result:
    return CliRunner().invoke(build(), ["config", *words], env=environ)


def document(*words: str, **environ: str) -> Any:
    return json.loads(lisa(*words, "--json", **environ).stdout)


class TestInit:
    @pytest.mark.parametrize("name", EXAMPLES)
    def test_each_example_can_be_written_and_passes_the_check(self, name: str) -> None:
        assert lisa("init", "mine.yaml", "--example", name).exit_code == 0
        assert Path("mine.yaml").read_text().startswith("# ")
        assert lisa("check", "mine.yaml").exit_code == 0

    def test_nothing_is_written_over_unless_that_is_asked(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("lisa.yaml").write_text("stage: mine\n")
        with pytest.raises(SystemExit) as ended:
            run(["config", "init"])
        assert ended.value.code == 1
        assert "lisa.yaml is there already" in capsys.readouterr().err
        assert Path("lisa.yaml").read_text() == "stage: mine\n"

        assert lisa("init", "--force").exit_code == 0
        assert "serve:" in Path("lisa.yaml").read_text()

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["init", "--example", "nothing"], "choose minimal, full, production"),
            (["init", "nowhere/lisa.yaml"], "nowhere/lisa.yaml can't be written"),
        ],
    )
    def test_what_can_not_be_written_is_told(
        self, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            run(["config", *words])
        assert ended.value.code == 1
        assert told in capsys.readouterr().err


class TestCheck:
    def test_it_says_what_would_be_deployed_and_what_to_think_about(self) -> None:
        Path("x.yaml").write_text("stage: test\nregion: eu-central-1\ndata: destroy\n")
        told = lisa("check", "x.yaml", "-c", "name=ours")
        assert told.exit_code == 0
        assert "deployment  ours-test" in told.stdout
        assert "region      eu-central-1" in told.stdout
        assert "warning: data: destroy" in told.stdout

    def test_a_program_reads_the_same(self) -> None:
        Path("x.yaml").write_text("stage: test\n")
        told = document("check", "x.yaml", LISA_CONFIG_NAME="ours")
        assert told["deployment"] == "ours-test"
        assert any(each.startswith("region:") for each in told["warnings"])

    def test_all_that_is_wrong_is_told_and_it_ends_with_two(self) -> None:
        Path("x.yaml").write_text("stge: test\nlog_days: 8\n")
        told = lisa("check", "x.yaml", "-c", "api.burst=no", LISA_CONFIG_SERVE__DOMIAN="x")
        assert told.exit_code == 2
        assert told.stdout == ""
        for line in (
            "x.yaml line 1: stge: there is no such key; fix: did you mean stage?",
            "x.yaml line 2: log_days: must be one of",
            "-c: api.burst: must be a whole number",
            "LISA_CONFIG_SERVE__DOMIAN: serve.domian: there is no such key",
        ):
            assert line in told.stderr

        problems = document("check", "x.yaml")
        assert problems["error"]["code"] == "bad_configuration"
        assert len(problems["problems"]) == 2

    def test_a_file_that_is_not_there_is_wrong_too(self) -> None:
        assert lisa("check", "nowhere.yaml").exit_code == 2


class TestExplain:
    def test_a_key_is_explained_with_type_default_and_variable(self) -> None:
        told = lisa("explain", "api.burst").stdout
        assert "takes     a whole number from 1 to 5000" in told
        assert "default   400" in told
        assert "variable  LISA_CONFIG_API__BURST" in told
        assert "is " not in told.splitlines()[-1]

    def test_with_a_file_it_says_who_says_what_it_is(self) -> None:
        Path("x.yaml").write_text("\napi: {burst: 7}\n")
        told = lisa("explain", "api", "--file", "x.yaml", "-c", "api.private=false").stdout
        assert "7  (x.yaml line 2)" in told
        assert "false  (-c)" in told
        assert "200  (nothing says otherwise)" in told

    def test_without_a_key_all_are_listed(self) -> None:
        told = lisa("explain").stdout
        assert "name: Stacks are called" in told
        assert "doors.issuers[].audience: " in told
        keys = document("explain")["keys"]
        assert {"key", "meaning", "takes", "variable"} <= keys[0].keys()

    def test_an_unknown_key_suggests_others(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            run(["config", "explain", "serve.caller"])
        assert "did you mean serve.callers?" in capsys.readouterr().err
