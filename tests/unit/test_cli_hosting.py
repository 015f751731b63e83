"""What the commands of hosted models read, and how they tell it, without a LISA."""

import io
import json
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from cli.models import schedule as schedules
from cli.models.asked import kinds_of, pairs_in, replicas, seconds_in, source_in, typed
from cli.models.hosting_options import HostingOptions
from cli.models.planning import plan_rows, planned_in
from cli.models.progress import Progress, size
from cli.models.timeline import line
from cli.spreading import spread
from lisa.declared.engine_options.vllm import VLLM
from lisa.domain.errors import Invalid

SCHEMA = VLLM.options.model_json_schema()
ONE = {"minimum": 1, "maximum": 1, "desired": 1, "target": 30.0}
EVENT = {
    "sequence": 3,
    "at": "2026-03-01T12:00:00Z",
    "status": "Failed",
    "step": "wait for the host",
    "phase": "failed",
    "words": "it failed",
    "cause": "out of\nmemory\x1b[31m",
    "nextStep": "ask for fewer tokens",
}


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


class TestWhatIsAsked:
    def test_pairs_are_read_and_the_last_counts(self) -> None:
        assert pairs_in(["a=1", "b=", "a=x=y"], "--env") == {"a": "x=y", "b": ""}
        assert pairs_in(None, "--env") == {}

    @pytest.mark.parametrize("pair", ["a", "=1", ""])
    def test_what_is_no_pair_is_named(self, pair: str) -> None:
        with pytest.raises(Invalid, match="--option"):
            pairs_in([pair], "--option")

    def test_values_get_the_types_of_the_engines_schema(self) -> None:
        texts = {
            "max_model_len": "8192",
            "gpu_memory_utilization": "0.9",
            "enable_prefix_caching": "true",
            "dtype": "float16",
            "tool_call_parser": "5",
            "unknown": "7",
        }
        assert typed(texts, SCHEMA) == {
            "max_model_len": 8192,
            "gpu_memory_utilization": 0.9,
            "enable_prefix_caching": True,
            "dtype": "float16",
            "tool_call_parser": "5",
            "unknown": "7",
        }

    def test_a_value_of_another_type_stays_as_it_was_written(self) -> None:
        texts = {"max_model_len": "many", "enable_prefix_caching": "1"}
        assert typed(texts, SCHEMA) == texts

    def test_the_kinds_of_a_value_are_told_without_null(self) -> None:
        assert kinds_of({"anyOf": [{"type": "integer"}, {"type": "null"}]}) == ["integer"]
        assert kinds_of({"$ref": "#/$defs/Kind"}) == ["string"]

    def test_a_length_of_time_is_read(self) -> None:
        lengths = ("45s", "30m", "2h", "1d", "never")
        assert [seconds_in(each) for each in lengths] == [45, 1800, 7200, 86_400, None]

    @pytest.mark.parametrize("text", ["30", "m", "1.5h", "30 m", "-1h", ""])
    def test_what_is_no_length_of_time_is_named(self, text: str) -> None:
        with pytest.raises(Invalid, match="is no length of time"):
            seconds_in(text)

    def test_a_folder_that_is_told_from_here_gets_its_whole_path(
        self, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))
        assert source_in("./tiny") == source_in("~/tiny") == str(tmp_path / "tiny")
        assert source_in("s3://bucket/tiny/") == "s3://bucket/tiny"
        assert source_in("Qwen/Qwen3-8B") == "Qwen/Qwen3-8B"

    @pytest.mark.parametrize(
        ("asked", "come_to"),
        [
            ((None, None, None), (1, 1, 1)),
            ((None, 4, None), (1, 4, 1)),
            ((None, None, 3), (1, 3, 3)),
            ((2, None, None), (2, 2, 2)),
            ((None, None, 0), (0, 1, 0)),
            ((0, None, None), (0, 1, 1)),
            ((3, 2, 1), (3, 2, 1)),
        ],
    )
    def test_sizes_that_were_not_given_give_way(
        self, asked: tuple[int | None, int | None, int | None], come_to: tuple[int, int, int]
    ) -> None:
        found = replicas(*asked, ONE)
        assert (found["minimum"], found["maximum"], found["desired"]) == come_to
        assert found["target"] == ONE["target"]

    def test_other_weights_inherit_no_trust(self) -> None:
        now = {"source": "a/b", "revision": "main", "trustRemoteCode": True}
        assert HostingOptions(weights="c/d").loaded(now) == {"source": "c/d"}
        assert HostingOptions(revision="v2").loaded(now) == {**now, "revision": "v2"}
        assert HostingOptions(trust_remote_code=False).loaded(now)["trustRemoteCode"] is False

    def test_what_was_not_given_of_a_machine_is_not_told(self) -> None:
        assert HostingOptions().machine() == {}
        told = HostingOptions(gpus=0, idle="never", instance_type="g6.xlarge").machine()
        assert told == {"gpus": 0, "idleSeconds": None, "instanceType": "g6.xlarge"}


class TestSchedules:
    def test_every_day_is_recurring(self) -> None:
        told = schedules.wanted("08:00-18:00", [], "Europe/Berlin")
        assert told == {
            "scheduleType": "RECURRING",
            "timezone": "Europe/Berlin",
            "recurringSchedule": {"startTime": "08:00", "stopTime": "18:00"},
        }

    def test_days_and_their_ranges_are_daily(self) -> None:
        told = schedules.wanted("", ["mon-wed=08:00-18:00", "Saturday=22:00-02:00"], "UTC")
        week = told["dailySchedule"]
        assert [*week] == ["monday", "tuesday", "wednesday", "saturday"]
        assert week["saturday"] == {"startTime": "22:00", "stopTime": "02:00"}

    @pytest.mark.parametrize(
        ("every_day", "days"),
        [
            ("", []),
            ("08:00-18:00", ["mon=08:00-18:00"]),
            ("8-18", []),
            ("", ["mon"]),
            ("", ["t=08:00-18:00"]),
            ("", ["fri-mon=08:00-18:00"]),
            ("", ["mo=08:00-18:00"]),
        ],
    )
    def test_what_is_no_schedule_is_named(self, every_day: str, days: list[str]) -> None:
        with pytest.raises(Invalid) as refused:
            schedules.wanted(every_day, days, "UTC")
        assert refused.value.next_step


class TestPlans:
    @pytest.mark.parametrize(
        ("text", "days", "zone", "bounds"),
        [
            ("08:00 mon-fri Europe/Berlin 2-6", ["mon", "fri"], "Europe/Berlin", (2, 6)),
            ("08:00  sat,sun  1", ["sat", "sun"], "UTC", (1, 1)),
            (
                "08:00 America/Argentina/Salta 0-3",
                ["mon", "sun"],
                "America/Argentina/Salta",
                (0, 3),
            ),
            ("08:00 UTC 100", ["mon", "sun"], "UTC", (100, 100)),
            ("20:30 tuesday 3", ["tue", "tue"], "UTC", (3, 3)),
        ],
    )
    def test_days_and_zone_may_be_missing(
        self, text: str, days: list[str], zone: str, bounds: tuple[int, int]
    ) -> None:
        [read] = planned_in([text])
        assert [read["days"][0][:3], read["days"][-1][:3]] == days
        assert (read["timezone"], read["minimum"], read["maximum"]) == (zone, *bounds)
        assert read["at"] == text[:5]

    @pytest.mark.parametrize(
        "text",
        [
            "08:00 mon-wed,sat Europe/Berlin 2-6",
            "20:00 UTC 1-1",
            "20:00 sun UTC 1-2",
            "08:00 mon,wed,fri UTC 1-2",
        ],
    )
    def test_what_is_shown_can_be_given_again(self, text: str) -> None:
        assert plan_rows({"planned": planned_in([text])}) == [("planned", text)]

    @pytest.mark.parametrize(
        "text", ["", "08:00", "8:00 1", "08:00 mon Berlin 1", "08:00 2-", "08:00 mo 1", "08:00 -1"]
    )
    def test_what_is_no_plan_is_named(self, text: str) -> None:
        with pytest.raises(Invalid) as refused:
            planned_in([text])
        assert refused.value.next_step


class TestProgress:
    def test_a_terminal_has_one_line_that_is_drawn_again(self) -> None:
        stream = Terminal()
        progress = Progress(stream, 2000)
        progress.begins("a\x1b[2J.safetensors")
        progress.passed(2000)
        progress.end()
        drawn = stream.getvalue()
        assert drawn.startswith("\r\x1b[K0 bytes of 2.0 kB there (0 %), reading a[2J.safetensors")
        assert drawn.endswith("\r\x1b[K2.0 kB of 2.0 kB there (100 %)\n")

    def test_a_log_has_a_line_for_each_tenth(self) -> None:
        stream = io.StringIO()
        progress = Progress(stream, 1000)
        progress.begins("a")
        for part in (50, 60, -60, 60, 890):
            progress.passed(part)
        progress.end()
        assert stream.getvalue().splitlines() == [
            "110 bytes of 1.0 kB there (11 %)",
            "1.0 kB of 1.0 kB there (100 %)",
        ]

    def test_sizes_are_told_as_people_read_them(self) -> None:
        assert [size(each) for each in (0, 999, 1000, 15.2e9, 2e12)] == [
            "0 bytes",
            "999 bytes",
            "1.0 kB",
            "15.2 GB",
            "2.0 TB",
        ]


def test_an_event_is_one_line_that_steers_no_terminal() -> None:
    told = line(EVENT)
    assert told.endswith(
        "  Failed     wait for the host (failed); it failed; "
        "cause: out of memory[31m; next step: ask for fewer tokens"
    )
    assert told.startswith("2026-0")


def test_a_commands_shared_options_are_its_own() -> None:
    @spread(HostingOptions, "asked")
    def command(
        *, name: Annotated[str, typer.Argument()], asked: HostingOptions, group: str = "g"
    ) -> None:
        """Say what it got."""
        typer.echo(json.dumps([name, asked.texts(), asked.gpus, asked.minimum, group]))

    app = typer.Typer()
    app.command()(command)
    given = ["m", "--option", "a=1", "--option", "b=2", "--gpus", "2", "--min", "0"]
    told = CliRunner().invoke(app, given)
    assert json.loads(told.output) == ["m", {"a": "1", "b": "2"}, 2, 0, "g"]
    assert CliRunner().invoke(app, ["m", "--gpus", "-1"]).exit_code == 2
