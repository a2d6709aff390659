"""What a test of a component leaves behind."""

import contextlib
import gc

import pulumi
import pulumi_random
import pytest

from tests.components.mocks import deploy


def refuse() -> None:
    def raises(_: str) -> str:
        raise pulumi.RunError("refused")

    first = pulumi_random.RandomPet("first")
    pulumi_random.RandomPet("second", prefix=first.id.apply(raises))


def test_a_refused_program_leaves_nothing_that_the_garbage_collector_logs(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):  # the SDK holds on to the last ones
        with contextlib.suppress(pulumi.RunError):  # `pytest.raises` would hold on to the error, too
            deploy(refuse)
    gc.collect()

    assert caplog.messages == []
