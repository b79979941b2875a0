"""What can be checked of the container without a Docker daemon."""

import json
import re
from typing import Any

import pytest
import yaml

import dateline.serve.command
from dateline.cli.main import _parser
from tests.support.commands import REPOSITORY

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
SERVICES = yaml.safe_load((REPOSITORY / "compose.yaml").read_text(encoding="utf-8"))["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_write_to_its_index_alone(name: str) -> None:
    service: dict[str, Any] = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["./news:/news:ro", "index:/index"]


def test_the_server_is_published_to_this_machine_alone_and_asks_for_a_key() -> None:
    service = SERVICES["serve"]
    port = dateline.serve.command.PORT
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert ":?" in service["environment"]["DATELINE_API_KEY"]
    assert f"127.0.0.1:{port}/health" in DOCKERFILE


def test_what_the_services_run_are_commands() -> None:
    name, *options = SERVICES["serve"]["command"]
    assert name == "serve"
    assert dateline.serve.command._parser().parse_args(options).host == "0.0.0.0"  # noqa: S104 - inside the container
    assert callable(_parser().parse_args(SERVICES["build"]["command"]).run)
    (standard,) = re.findall(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)
    assert json.loads(standard) == SERVICES["serve"]["command"]


def test_the_image_is_of_the_wheel_and_runs_without_privileges() -> None:
    steps = [line.split()[0] for line in DOCKERFILE.splitlines() if re.match("[A-Z]+ ", line)]
    assert steps.index("USER") < steps.index("ENTRYPOINT")
    assert 'ENTRYPOINT ["dateline"]' in DOCKERFILE
    copied = re.findall(r"^COPY (?:--from=\w+ )?(\S+)", DOCKERFILE, re.MULTILINE)
    assert copied == [".", "/wheels"]
